import type { Clock } from '../../clock.ts';
import type { TargetRejects } from '../index-target.ts';
import { type BulkItem, type BulkOptions, createBulk } from './bulk.ts';
import type { ElasticsearchManifest } from './manifest.ts';

/** Characters of JSON in one request, and requests under way at once. */
const batchCharacters = 1_000_000;
const batchesAtOnce = 3;
/** Made ready while those are under way, so that the server never waits for the next. */
const batchesReady = 4;
/** A note is a change of the cluster's state: seldom enough to be no burden. */
const noteEveryMs = 3_000;
const rejectsNamed = 100;

/** How far a build is once a batch and all before it are written. */
interface Mark {
  readonly note: string | null;
  readonly documents: number;
  readonly passages: number;
}

export interface Batches {
  /** Resolves when there is room for more. */
  add(items: readonly BulkItem[], counts: { documents: number; passages: number }): Promise<void>;
  /** All that was added belongs to what ends at this note. */
  mark(note: string): void;
  /** Sends what is left and waits for everything. */
  end(): Promise<void>;
  /** What is written for certain. */
  state(): ElasticsearchManifest;
  close(): Promise<void>;
}

/** Sends items in batches, several at once; notes now and then up to where everything is written. */
export const createBatches = ({
  from,
  note,
  clock,
  bulk,
}: {
  from: ElasticsearchManifest;
  note: (state: ElasticsearchManifest) => Promise<void>;
  clock: Clock;
  bulk: BulkOptions;
}): Batches => {
  const send = createBulk(bulk);
  let state = from;
  let marked: Mark = from;
  let { documents, passages } = from;
  let items: BulkItem[] = [];
  let characters = 0;
  let failure: { error: unknown } | null = null;
  let noting: Promise<void> | null = null;
  let notedAt = clock.now();
  /** In order of sending; `refused` stands when a batch is written. */
  const underWay: { mark: Mark; done: Promise<void>; refused: TargetRejects['first'] | null }[] = [];

  const unwritten = () => underWay.filter(({ refused }) => refused === null);

  const settle = (): void => {
    while (underWay[0]?.refused) {
      const { mark, refused } = underWay.shift()!;
      const { count, first } = state.rejects;
      const rejects = {
        count: count + refused!.length,
        first: [...first, ...refused!].slice(0, rejectsNamed),
      };
      state = { ...state, ...mark, rejects, at: new Date(clock.now()).toISOString() };
    }
    if (noting === null && clock.now() - notedAt >= noteEveryMs && state.note !== null) {
      notedAt = clock.now();
      // A note that fails costs a resumed build some work; what is wrong shows in the next batch.
      noting = note(state)
        .catch(() => undefined)
        .finally(() => {
          noting = null;
        });
    }
  };

  const dispatch = async (): Promise<void> => {
    const batch = { mark: marked, done: Promise.resolve(), refused: null as TargetRejects['first'] | null };
    const sent = items;
    const turn = unwritten().at(-batchesAtOnce)?.done;
    batch.done = Promise.resolve(turn)
      .then(() => {
        // Not sent, so it must not pass for written.
        if (failure) throw failure.error;
        return send(sent);
      })
      .then(
        (refused) => {
          batch.refused = refused;
          settle();
        },
        (error: unknown) => {
          failure ??= { error };
        },
      );
    underWay.push(batch);
    items = [];
    characters = 0;
    while (failure === null && unwritten().length >= batchesAtOnce + batchesReady) {
      await Promise.race(unwritten().map(({ done }) => done));
    }
    if (failure) throw failure.error;
  };

  return {
    add: async (added, counts) => {
      documents += counts.documents;
      passages += counts.passages;
      for (const item of added) {
        items.push(item);
        characters += item.body.length;
        if (characters >= batchCharacters) await dispatch();
      }
    },
    mark: (at) => {
      marked = { note: at, documents, passages };
    },
    end: async () => {
      if (items.length > 0) await dispatch();
      await Promise.all(underWay.map(({ done }) => done));
      await noting;
      if (failure) throw failure.error;
      state = { ...state, ...marked };
      await note(state);
    },
    state: () => state,
    close: async () => {
      await Promise.all(underWay.map(({ done }) => done));
      await noting;
    },
  };
};
