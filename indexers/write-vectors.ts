import { centred, createMeans, type LanguageMeans } from '../src/embedding/centring.ts';
import type { Embedder } from '../src/embedding/embedder.ts';
import type { KnownVectors } from '../src/search/embedded/known-vectors.ts';
import { meansKey, parseMeans } from '../src/search/embedded/means.ts';
import type { IndexWriter } from '../src/search/embedded/writer.ts';
import { embeddedText, textsAtOnce } from './embedded-text.ts';
import type { Progress } from './progress.ts';

export const vectorsKey = 'vectors';

/** Passages whose mean stands for the mean of all. */
const meanSample = 4_096;

/**
 * The means of the languages: those that an earlier, killed try noted, or by which the known vectors were centred; else
 * of passages spread over the whole corpus.
 */
const findMeans = async ({
  writer,
  embedder,
  known,
  passages,
  signal,
}: {
  writer: IndexWriter;
  embedder: Embedder;
  known: KnownVectors | null;
  passages: number;
  signal: AbortSignal | undefined;
}): Promise<LanguageMeans> => {
  const noted = parseMeans(writer.noted(meansKey)) ?? known?.means;
  if (noted) return noted;
  const collected = createMeans(embedder.dimensions);
  const passagesAtOnce = textsAtOnce(embedder);
  const stride = Math.max(1, passages / meanSample) * passagesAtOnce;
  for (let at = 0; at < passages; at += stride) {
    const texts = writer.passagesAfter(Math.floor(at), passagesAtOnce).map(embeddedText);
    const vectors = await embedder.embed(texts, 'passage', { signal });
    signal?.throwIfAborted();
    for (const [index, vector] of vectors.entries()) if (vector) collected.add(texts[index]!, vector);
  }
  return collected.means();
};

/** The embedder whose vectors the index takes. */
const fitted = async (options: Parameters<typeof findMeans>[0]): Promise<Embedder> => {
  const { writer, embedder } = options;
  if (!embedder.centring) return embedder;
  const means = await findMeans(options);
  writer.extend(() => writer.note(meansKey, JSON.stringify(means)));
  writer.commit();
  return centred(embedder, means);
};

/** Vectors of all passages, in batches, from where the build was. A passage without a vector stays without. */
export const writeVectors = async ({
  writer,
  embedder: model,
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
  const embedder = await fitted({ writer, embedder: model, known, passages, signal });
  const passagesAtOnce = textsAtOnce(embedder);
  for (;;) {
    const batch = writer.passagesAfter(last, passagesAtOnce);
    if (batch.length === 0) return;
    const vectors = batch.map((passage) => known?.find(passage));
    const unknown = batch.flatMap((passage, index) => (vectors[index] === undefined ? [{ passage, index }] : []));
    if (unknown.length > 0) {
      const texts = unknown.map(({ passage }) => embeddedText(passage));
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
