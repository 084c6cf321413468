import type { Block } from './messages.ts';

/** POST /local/commands → {}; what comes back arrives as an ephemeral message event. */
export interface RunCommand {
  readonly channel: string;
  /** With the slash. */
  readonly command: string;
  readonly text: string;
}

/** POST /local/shortcuts → {}. */
export interface RunShortcut {
  readonly callbackId: string;
  readonly channel: string;
  readonly ts: string;
}

/** POST /local/stop → {}: the person stops an agent (`user`, its bot) in a thread. */
export interface StopSession {
  readonly channel: string;
  readonly threadTs: string;
  readonly user: string;
}

/** One element that was used, in Slack's own `block_actions` form. */
export interface ElementAction {
  readonly type: string;
  readonly action_id: string;
  readonly block_id: string;
  readonly value?: string;
  readonly selected_option?: unknown;
  readonly selected_options?: unknown;
  readonly text?: unknown;
}

/** POST /local/actions → {}: a button or select in a message or in an open view. */
export interface UseElement {
  readonly container: { type: 'message'; channel: string; ts: string } | { type: 'view'; viewId: string };
  readonly action: ElementAction;
  /** Inputs of the view or message as they stand: block_id → action_id → value, Slack's `view.state.values`. */
  readonly state?: Record<string, Record<string, unknown>>;
}

/** A modal, as the bot opened it. */
export interface View {
  readonly id: string;
  readonly title: string;
  readonly submit: string | null;
  readonly close: string | null;
  readonly blocks: readonly Block[];
  readonly callbackId: string;
  readonly hash: string;
}

/** POST /local/views/submit */
export interface SubmitView {
  readonly viewId: string;
  readonly state: Record<string, Record<string, unknown>>;
}

/** Its answer: the modal closed, or stays with errors by block_id. */
export type SubmitViewResult =
  | { readonly closed: true }
  | { readonly closed: false; readonly errors: Record<string, string> };

/** POST /local/views/close → {}. */
export interface CloseView {
  readonly viewId: string;
}
