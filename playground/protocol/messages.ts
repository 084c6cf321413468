/** A block of Block Kit as the bots sent it; the page draws what it knows and names what it does not. */
export type Block = { readonly type: string; readonly block_id?: string } & Record<string, unknown>;

/** POST /local/files?name=… → SentFile: the body is the file's bytes, its content type the file's. */
export interface SentFile {
  readonly id: string;
  readonly name: string;
  readonly mimetype: string;
  /** Bytes. */
  readonly size: number;
}

export interface Reaction {
  readonly name: string;
  readonly users: readonly string[];
}

export interface Message {
  readonly channel: string;
  /** `seconds.6digits`, unique and rising in its channel. */
  readonly ts: string;
  /** Thread it belongs to; equal to `ts` for a root that has replies, null for one that has none. */
  readonly threadTs: string | null;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly reactions: readonly Reaction[];
  readonly replyCount: number;
  readonly replyUsers: readonly string[];
  readonly latestReply: string | null;
  readonly edited: boolean;
  /** A native stream that has not been stopped; its text is Markdown. */
  readonly streaming: boolean;
  /** Only this person sees it; not stored in the history. */
  readonly ephemeralFor: string | null;
  /** Set for one that the person has just sent: their own key, to match the optimistic copy. */
  readonly clientKey: string | null;
  /**
   * The text is Markdown (streams, `markdown_text`) and not mrkdwn. It is then shown, with the blocks below it; a mrkdwn
   * text that has blocks is their summary only and is not shown.
   */
  readonly markdown: boolean;
  readonly files: readonly SentFile[];
}

/**
 * GET /local/messages?channel=C…[&thread=ts][&before=ts][&limit=50]: roots of a channel, or a whole thread with its
 * root first; oldest first.
 */
export interface MessagePage {
  readonly messages: readonly Message[];
  /** There are older roots, or older replies, than these. */
  readonly hasMore: boolean;
  /** Of a thread: what an agent calls it. */
  readonly title?: string | null;
}

/** POST /local/messages → Message. Mentions are written `<@U…>`. */
export interface SendMessage {
  readonly channel: string;
  readonly text: string;
  readonly threadTs?: string;
  readonly clientKey?: string;
  /** Ids of files that were sent before; with them the text may be empty. */
  readonly files?: readonly string[];
}

/** POST /local/messages/edit → Message: one's own alone. */
export interface EditMessage {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
}

/** POST /local/messages/delete → {}: one's own alone. */
export interface DeleteMessage {
  readonly channel: string;
  readonly ts: string;
}

/** POST /local/reactions → {}. */
export interface React {
  readonly channel: string;
  readonly ts: string;
  readonly name: string;
  readonly on: boolean;
}
