import type { View } from './interactions.ts';
import type { Message } from './messages.ts';
import type { Channel, Person } from './people.ts';

/**
 * What the server tells the page as it happens: WebSocket `/local/live?person=U…&token=…`, one JSON object a
 * message. After a reconnect the page loads again what it shows; nothing is replayed.
 */
export type LiveEvent =
  /** New or changed, whole: replaces what the page has under channel and ts. */
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'message_deleted'; readonly channel: string; readonly ts: string }
  /** Text added to a native stream, at this place (UTF-16 code units) of the text before it. */
  | {
      readonly type: 'stream';
      readonly channel: string;
      readonly ts: string;
      readonly at: number;
      readonly text: string;
    }
  /** `assistant.threads.setStatus`; an empty status clears it. */
  | {
      readonly type: 'status';
      readonly channel: string;
      readonly threadTs: string;
      readonly user: string;
      readonly status: string;
    }
  /** An agent begins or ends its work in a thread; while it works, people may stop it. */
  | {
      readonly type: 'session';
      readonly channel: string;
      readonly threadTs: string;
      readonly user: string;
      readonly working: boolean;
    }
  | { readonly type: 'channel'; readonly channel: Channel }
  | { readonly type: 'person'; readonly person: Person }
  | { readonly type: 'view_opened' | 'view_updated'; readonly view: View }
  | { readonly type: 'view_closed'; readonly viewId: string }
  /** An app made its Home tab for this person; `app` is its user id. */
  | { readonly type: 'home_published'; readonly app: string; readonly view: View };
