import type { Embedder } from '../src/embedding/embedder.ts';
import type { IndexWriter } from '../src/search/embedded/writer.ts';
import type { Progress } from './progress.ts';

const passagesAtOnce = 32;
const checkpointKey = 'vectors';

/** Vectors of all passages, in batches, from where the build was. A passage without a vector stays without. */
export const writeVectors = async ({
  writer,
  embedder,
  passages,
  progress,
  signal,
}: {
  writer: IndexWriter;
  embedder: Embedder;
  passages: number;
  progress: Progress;
  signal?: AbortSignal;
}): Promise<void> => {
  let last = Number(writer.noted(checkpointKey) ?? 0);
  progress.begin('vectors', { done: last, total: passages });
  for (;;) {
    const batch = writer.passagesAfter(last, passagesAtOnce);
    if (batch.length === 0) return;
    const texts = batch.map(({ title, text }) => (title === null ? text : `${title}\n${text}`));
    const vectors = await embedder.embed(texts, 'passage', { signal });
    signal?.throwIfAborted();
    last = batch.at(-1)!.row;
    writer.batch(() => {
      for (const [index, { row }] of batch.entries()) {
        const vector = vectors[index];
        if (vector) writer.addVector(row, vector);
      }
      writer.note(checkpointKey, String(last));
    });
    progress.advance(last);
  }
};
