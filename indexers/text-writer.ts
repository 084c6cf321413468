import type { Clock } from '../src/clock.ts';
import { createBreath } from '../src/search/breathe.ts';
import type { IndexWriter } from '../src/search/embedded/writer.ts';
import type { TextWriter } from '../src/search/index-target.ts';

export const textsKey = 'texts';

/** What a killed build loses at most. The keyword index is made the quicker the more one transaction holds. */
const passagesPerCommit = 1_000;
const commitEveryMs = 1_000;

/** The embedded database as a taker of documents: each batch and its note are in one transaction. */
export const createTextWriter = ({
  writer,
  clock,
  signal,
}: {
  writer: IndexWriter;
  clock: Pick<Clock, 'now'>;
  signal?: AbortSignal;
}): TextWriter => {
  const breath = createBreath({ clock, signal });
  let committedAt = clock.now();
  let uncommitted = 0;
  return {
    noted: async () => writer.noted(textsKey),
    write: async (documents, note) => {
      writer.extend(() => {
        for (const document of documents) {
          writer.addDocument(document);
          uncommitted += document.passages.length;
        }
        writer.note(textsKey, note);
      });
      if (uncommitted < passagesPerCommit && clock.now() - committedAt < commitEveryMs) return;
      writer.commit();
      uncommitted = 0;
      committedAt = clock.now();
    },
    finish: async () => {
      writer.commit();
      while (writer.tidy()) if (breath.due()) await breath.take();
    },
  };
};
