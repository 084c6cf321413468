import type { Clock } from '../src/clock.ts';
import { chunk } from '../src/corpus/chunk.ts';
import { type Document, passageId } from '../src/corpus/document.ts';
import { centred, createMeans, type LanguageMeans } from '../src/embedding/centring.ts';
import type { Embedder } from '../src/embedding/embedder.ts';
import type { DrawnPassage, TextWriter, VectorPoint, VectorWriter } from '../src/search/index-target.ts';
import type { PreparedDocument } from '../src/search/prepare-document.ts';
import { embeddedText, textsAtOnce } from './embedded-text.ts';
import type { Progress } from './progress.ts';

/** A note is written to the server's disk: seldom enough to be no burden. */
const noteEveryMs = 3_000;

interface State {
  /** Where the documents go on. */
  readonly at: string;
  /** Vectors put there up to that. */
  readonly points: number;
  /** By which they are centred; a build that goes on takes the same. */
  readonly means: LanguageMeans | null;
}

export interface VectorTextWriter extends TextWriter {
  /** What is known once all is written. */
  result(): { readonly points: number; readonly means: LanguageMeans | null };
}

/** Documents cut into passages, whose keywords nobody wants. */
export const preparePassagesOnly = (documents: readonly Document[]): PreparedDocument[] =>
  documents.map((document) => ({
    document,
    passages: chunk(document).map(({ start, end }) => ({ start, end, tokens: '', tokenCount: 0 })),
  }));

const meansOf = async (
  embedder: Embedder,
  draw: () => Promise<readonly DrawnPassage[]>,
  signal: AbortSignal | undefined,
): Promise<LanguageMeans> => {
  const collected = createMeans(embedder.dimensions);
  const texts = (await draw()).map(embeddedText);
  const atOnce = textsAtOnce(embedder);
  for (let from = 0; from < texts.length; from += atOnce) {
    const some = texts.slice(from, from + atOnce);
    const vectors = await embedder.embed(some, 'passage', { signal });
    for (const [index, vector] of vectors.entries()) if (vector) collected.add(some[index]!, vector);
  }
  return collected.means();
};

/** Takes documents, embeds their passages, and puts the vectors on a server. A passage without a vector stays without. */
export const createVectorTextWriter = async ({
  embedder: model,
  writer,
  passages,
  draw,
  clock,
  progress,
  signal,
}: {
  embedder: Embedder;
  writer: VectorWriter;
  /** In all, for the progress. */
  passages: number;
  /** Passages whose mean stands for the mean of all. */
  draw: () => Promise<readonly DrawnPassage[]>;
  clock: Pick<Clock, 'now'>;
  progress: Progress;
  signal?: AbortSignal;
}): Promise<VectorTextWriter> => {
  const noted = writer.noted === null ? null : (JSON.parse(writer.noted) as State);
  const means = noted?.means ?? (model.centring ? await meansOf(model, draw, signal) : null);
  const embedder = means ? centred(model, means) : model;
  const atOnce = textsAtOnce(embedder);
  let points = noted?.points ?? 0;
  let at = noted?.at ?? null;
  let notedAt = clock.now();
  let done = points;
  let waiting: (Omit<VectorPoint, 'vector'> & { readonly text: string })[] = [];
  progress.begin('vectors', { done, total: passages });

  const embedSome = async (some: typeof waiting): Promise<void> => {
    const vectors = await embedder.embed(
      some.map(({ text }) => text),
      'passage',
      { signal },
    );
    signal?.throwIfAborted();
    const made = some.flatMap(({ text: _, ...point }, index): VectorPoint[] => {
      const vector = vectors[index];
      return vector ? [{ ...point, vector }] : [];
    });
    await writer.add(made, signal);
    points += made.length;
    done += some.length;
    progress.advance(done);
  };

  const flush = async (): Promise<void> => {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += atOnce) await embedSome(all.slice(from, from + atOnce));
    if (at === null || clock.now() - notedAt < noteEveryMs) return;
    notedAt = clock.now();
    await writer.note(JSON.stringify({ at, points, means } satisfies State), signal);
  };

  return {
    noted: async () => at,
    write: async (documents, next) => {
      for (const { document, passages: cut } of documents) {
        for (const { start, end } of cut) {
          const { id: documentId, source, sequence, lang, title } = document;
          const text = embeddedText({ title, text: document.text.slice(start, end) });
          waiting.push({ passageId: passageId({ source, sequence }, start, end), documentId, lang, text });
        }
      }
      at = next;
      if (waiting.length >= atOnce) await flush();
    },
    finish: async () => {
      await flush();
      await writer.finish(points, signal);
    },
    result: () => ({ points, means }),
  };
};
