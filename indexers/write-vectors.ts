import type { Embedder } from '../src/embedding/embedder.ts';
import type { KnownVectors } from '../src/search/embedded/known-vectors.ts';
import type { IndexWriter } from '../src/search/embedded/writer.ts';
import type { Progress } from './progress.ts';

const passagesAtOnce = 32;

export const vectorsKey = 'vectors';

/** Vectors of all passages, in batches, from where the build was. A passage without a vector stays without. */
export const writeVectors = async ({
  writer,
  embedder,
  known,
  passages,
  progress,
  signal,
}: {
  writer: IndexWriter;
  embedder: Embedder;
  /** Vectors that need not be made again. */
  known: KnownVectors | null;
  passages: number;
  progress: Progress;
  signal?: AbortSignal;
}): Promise<void> => {
  let last = Number(writer.noted(vectorsKey) ?? 0);
  progress.begin('vectors', { done: last, total: passages });
  for (;;) {
    const batch = writer.passagesAfter(last, passagesAtOnce);
    if (batch.length === 0) return;
    const vectors = batch.map((passage) => known?.find(passage));
    const unknown = batch.flatMap((passage, index) => (vectors[index] === undefined ? [{ passage, index }] : []));
    if (unknown.length > 0) {
      const texts = unknown.map(({ passage: { title, text } }) => (title === null ? text : `${title}\n${text}`));
      const made = await embedder.embed(texts, 'passage', { signal });
      for (const [place, { index }] of unknown.entries()) vectors[index] = made[place];
    } else await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    last = batch.at(-1)!.row;
    writer.extend(() => {
      for (const [index, { row }] of batch.entries()) {
        const vector = vectors[index];
        if (vector) writer.addVector(row, vector);
      }
      writer.note(vectorsKey, String(last));
    });
    writer.commit();
    progress.advance(last);
  }
};
