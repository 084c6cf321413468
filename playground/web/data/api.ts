import type {
  CloseView,
  RunCommand,
  RunShortcut,
  StopSession,
  SubmitView,
  SubmitViewResult,
  UseElement,
} from '../../protocol/interactions.ts';
import type {
  DeleteMessage,
  EditMessage,
  Message,
  MessagePage,
  React,
  SendMessage,
  SentFile,
} from '../../protocol/messages.ts';
import type { HomeTab, MarkRead, OpenDirect } from '../../protocol/page.ts';
import type { Bootstrap } from '../../protocol/people.ts';

/** The server refused (`code` and `message` are its own) or was not reached (status 0). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface Api {
  bootstrap(): Promise<Bootstrap>;
  messages(query: { channel: string; thread: string | null; before: string | null }): Promise<MessagePage>;
  send(body: SendMessage): Promise<Message>;
  upload(file: File): Promise<SentFile>;
  edit(body: EditMessage): Promise<Message>;
  deleteMessage(body: DeleteMessage): Promise<unknown>;
  react(body: React): Promise<unknown>;
  markRead(body: MarkRead): Promise<unknown>;
  openDirect(body: OpenDirect): Promise<unknown>;
  openHome(body: OpenDirect): Promise<HomeTab>;
  runCommand(body: RunCommand): Promise<unknown>;
  runShortcut(body: RunShortcut): Promise<unknown>;
  useElement(body: UseElement): Promise<unknown>;
  stop(body: StopSession): Promise<unknown>;
  submitView(body: SubmitView): Promise<SubmitViewResult>;
  closeView(body: CloseView): Promise<unknown>;
}

export interface ApiOptions {
  readonly token: string;
  readonly person: string;
  readonly fetch: typeof fetch;
  /** Milliseconds after which a request counts as failed. */
  readonly timeout?: number;
}

/** The requests of the page, for one person. Each throws `ApiError`. */
export const createApi = ({ token, person, fetch, timeout = 20_000 }: ApiOptions): Api => {
  const request = async (path: string, init: RequestInit): Promise<unknown> => {
    const headers = {
      authorization: `Bearer ${token}`,
      'x-tenkyo-person': person,
      ...(typeof init.body === 'string' ? { 'content-type': 'application/json' } : {}),
    };
    const response = await fetch(`/local/${path}`, {
      ...init,
      headers,
      signal: AbortSignal.timeout(timeout),
    }).catch((cause: unknown) => {
      throw new ApiError(0, 'unreachable', cause instanceof Error ? cause.message : String(cause));
    });
    const body: unknown = await response.json().catch(() => null);
    if (response.ok) return body;
    const { error, message } = (body ?? {}) as { error?: string; message?: string };
    throw new ApiError(response.status, error ?? `http_${response.status}`, message ?? response.statusText);
  };
  const post = (path: string, body: unknown) => request(path, { method: 'POST', body: JSON.stringify(body) });

  return {
    bootstrap: () => request('bootstrap', {}) as Promise<Bootstrap>,
    messages: ({ channel, thread, before }) => {
      const query = new URLSearchParams({ channel });
      if (thread !== null) query.set('thread', thread);
      if (before !== null) query.set('before', before);
      return request(`messages?${query}`, {}) as Promise<MessagePage>;
    },
    send: (body) => post('messages', body) as Promise<Message>,
    // The browser says the file's type itself.
    upload: (file) =>
      request(`files?${new URLSearchParams({ name: file.name })}`, { method: 'POST', body: file }) as Promise<SentFile>,
    edit: (body) => post('messages/edit', body) as Promise<Message>,
    deleteMessage: (body) => post('messages/delete', body),
    react: (body) => post('reactions', body),
    markRead: (body) => post('read', body),
    openDirect: (body) => post('directs', body),
    openHome: (body) => post('homes', body) as Promise<HomeTab>,
    runCommand: (body) => post('commands', body),
    runShortcut: (body) => post('shortcuts', body),
    useElement: (body) => post('actions', body),
    stop: (body) => post('stop', body),
    submitView: (body) => post('views/submit', body) as Promise<SubmitViewResult>,
    closeView: (body) => post('views/close', body),
  };
};
