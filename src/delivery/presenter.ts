import type { KnownBlock } from '@slack/types';
import type { Delivery } from '../store/records.ts';

/** A Slack message as it will be posted or edited. */
export interface MessageContent {
  /** Fallback and notification text; at most 4,000 characters (chat.update's limit). */
  readonly text: string;
  readonly blocks?: readonly KnownBlock[];
  /** The same of blocks that every Slack knows, for a workspace that refuses the others. */
  readonly simpler?: readonly KnownBlock[];
}

/** Turns the record behind a delivery into messages. Pure but for reading the record; given by the bots. */
export interface Presenter {
  /** The final messages, first to last (mostly one; none: nobody is to be told); null while the record is still open. */
  final(delivery: Delivery): Promise<readonly MessageContent[] | null>;
  /** What to show while text is coming. */
  partial(delivery: Delivery, text: string): Promise<MessageContent>;
  /** Stands under what is still being written where Slack has no Stop of its own; left out: it can't be stopped. */
  stopControl?(delivery: Delivery): Promise<readonly KnownBlock[]>;
  /**
   * The line for a wait: "考えています…", the place in the queue; with how far the step is that the work waits for, when
   * it told. Asked for now and then, as it may change.
   */
  waiting(delivery: Delivery, progress: WaitProgress | null): Promise<string>;
}

/** How far something is that takes long: a step's name as the texts know it, and its numbers. */
export interface WaitProgress {
  readonly step: string;
  readonly done: number;
  readonly total: number;
}
