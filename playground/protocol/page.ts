import type { View } from './interactions.ts';

/**
 * What the server writes into the page it serves, as `<script type="application/json" id="tenkyo">` before `</head>`
 * (JSON is data: the page's content policy allows no inline script).
 */
export interface PageSeed {
  /** For `authorization: Bearer …` and for the socket's `token`. */
  readonly token: string;
  /** The person that a browser which has been here never before acts as. */
  readonly defaultPerson: string;
}

/** POST /local/read → {}: the person has seen the channel up to this message. Its `channel` event follows. */
export interface MarkRead {
  readonly channel: string;
  readonly ts: string;
}

/** POST /local/directs → Channel: the person opens the direct messages with somebody; an app hears of it. */
export interface OpenDirect {
  readonly with: string;
}

/** POST /local/homes, with `OpenDirect` → HomeTab: the person opens the Home tab of an app; what it publishes arrives live. */
export interface HomeTab {
  /** As it was published last; null: never. */
  readonly view: View | null;
}
