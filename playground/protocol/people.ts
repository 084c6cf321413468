/**
 * What the page and the server of the local workspace say to each other under `/local/`. The page acts for one
 * person at a time: every request names them with the header `x-tenkyo-person: U…` and carries the page's token in
 * `authorization: Bearer …` (the server puts it into the page it serves). Answers: 200 with the JSON below, or
 * 4xx `{ error: code, message }`.
 */
export type LocaleName = 'ja-JP' | 'en-US';

export interface Person {
  readonly id: string;
  /** The handle behind the @. */
  readonly name: string;
  readonly displayName: string;
  readonly locale: LocaleName;
  readonly isAdmin: boolean;
  readonly isBot: boolean;
  /** For bots: the app. */
  readonly appId: string | null;
  /** A colour for the picture, `#rrggbb`. */
  readonly color: string;
  /** Bots: whether a socket is open. */
  readonly online: boolean;
}

export interface Channel {
  readonly id: string;
  /** Without #; for a direct message the other's display name. */
  readonly name: string;
  readonly kind: 'channel' | 'im';
  readonly topic: string;
  readonly members: readonly string[];
  /** For `im`: the other one. */
  readonly with: string | null;
  readonly unread: boolean;
  /** What an app offers to be asked (`assistant.threads.setSuggestedPrompts`). */
  readonly prompts?: {
    readonly title: string | null;
    readonly prompts: readonly { readonly title: string; readonly message: string }[];
  };
}

export interface Command {
  readonly name: string;
  readonly description: string;
  readonly usageHint: string;
  readonly appId: string;
}

/** A message shortcut of an app ("Find in training data"). */
interface Shortcut {
  readonly callbackId: string;
  readonly name: string;
  readonly appId: string;
}

/** GET /local/bootstrap */
export interface Bootstrap {
  readonly team: { id: string; name: string };
  readonly me: Person;
  /** The people one can act as; bots are in `people` too. */
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  readonly commands: readonly Command[];
  readonly shortcuts: readonly Shortcut[];
  /** Questions for the first-visit card, per locale, from the one who started the workspace. */
  readonly suggestions: readonly { readonly locale: LocaleName; readonly channel: string; readonly text: string }[];
}
