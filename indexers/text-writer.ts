import type { Clock } from '../src/clock.ts';
import { createBreath } from '../src/search/breathe.ts';
import type { IndexWriter } from '../src/search/embedded/writer.ts';
import type { TextWriter } from '../src/search/index-target.ts';

const checkpointKey = 'texts';

/** The embedded database as a taker of documents: each batch and its note are one transaction. */
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
  return {
    noted: async () => writer.noted(checkpointKey),
    write: async (documents, note) =>
      writer.batch(() => {
        for (const document of documents) writer.addDocument(document);
        writer.note(checkpointKey, note);
      }),
    finish: async () => {
      while (writer.tidy()) if (breath.due()) await breath.take();
    },
  };
};
