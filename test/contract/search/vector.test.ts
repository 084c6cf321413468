import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIndex } from '../../../indexers/build-index.ts';
import { systemClock } from '../../../src/clock.ts';
import { passageId } from '../../../src/corpus/document.ts';
import { openIndex } from '../../../src/search/embedded/open-index.ts';
import { createQdrant } from '../../../src/search/qdrant/qdrant.ts';
import { collectionNames } from '../../../src/search/qdrant/schema.ts';
import { openVectors } from '../../../src/search/qdrant/vector-index.ts';
import { openVectorWriter } from '../../../src/search/qdrant/writer.ts';
import { startQdrantReplay } from '../../support/qdrant/replay.ts';
import { createTableEmbedder } from '../../support/table-embedder.ts';
import { contractDimensions, type VectorAdapter, type VectorPassage, vectorContract } from './vector.contract.ts';

const idOf = ({ text, ...document }: VectorPassage): string => passageId(document, 0, text.length);

vectorContract('embedded', async (passages): Promise<VectorAdapter> => {
  const folder = await mkdtemp(join(tmpdir(), 'tenkyo-vectors-'));
  for (const source of new Set(passages.map((passage) => passage.source))) {
    const lines = passages
      .filter((passage) => passage.source === source)
      .map(({ text, lang }) => JSON.stringify({ text, meta: { lang } }));
    await writeFile(join(folder, `${source}.jsonl`), lines.join('\n'));
  }
  const table = new Map(passages.flatMap(({ text, vector }) => (vector ? [[text, vector]] : [])));
  const embedder = createTableEmbedder(table, { dimensions: contractDimensions });
  const corpus = { name: 'contract', documents: join(folder, '*.jsonl') };
  const directory = join(folder, 'index');
  await buildIndex({ corpus, embedder, directory, clock: systemClock });
  const index = await openIndex({
    directory,
    corpus: corpus.name,
    embedder: embedder.fingerprint,
    clock: systemClock,
  });
  return {
    index: index.vector!,
    idOf,
    close: async () => {
      await index.close();
      await rm(folder, { recursive: true });
    },
  };
});

const onQdrant = async (
  passages: readonly VectorPassage[],
  { url, apiKey, namespace }: { url: string; apiKey: string | null; namespace: string },
  close: () => Promise<void>,
): Promise<VectorAdapter> => {
  const qdrant = createQdrant({ url, apiKey, clock: systemClock, random: Math.random });
  const names = { qdrant, namespace, corpus: 'contract' };
  const filled = passages.flatMap(({ vector, ...rest }) => (vector ? [{ ...rest, vector }] : []));
  const writer = await openVectorWriter({
    ...names,
    build: 'one',
    fingerprint: 'f',
    embedder: 'table',
    dimensions: contractDimensions,
    expected: filled.length,
    batchBytes: 20_000,
    clock: systemClock,
  });
  await writer.add(
    filled.map((passage) => ({
      passageId: idOf(passage),
      documentId: `${passage.source}:${passage.sequence}`,
      lang: passage.lang,
      vector: passage.vector,
    })),
  );
  await writer.finish(filled.length);
  const { vector } = await openVectors({ ...names, build: null, embedder: 'table' });
  return { index: vector, idOf, close };
};

vectorContract('Qdrant, replayed', async (passages) => {
  const server = await startQdrantReplay();
  return onQdrant(passages, { url: server.url, apiKey: null, namespace: 'test' }, server.close);
});

// A real server is the proof: the same suite, unchanged, where TENKYO_TEST_QDRANT_URL names one.
const url = process.env.TENKYO_TEST_QDRANT_URL ?? '';
const apiKey = process.env.TENKYO_TEST_QDRANT_API_KEY ?? null;
const namespace = `tenkyo-test-${process.pid}`;
vectorContract(
  url ? `Qdrant at ${url}` : 'a real Qdrant (set TENKYO_TEST_QDRANT_URL)',
  (passages) =>
    onQdrant(passages, { url, apiKey, namespace }, async () => {
      const qdrant = createQdrant({ url, apiKey, clock: systemClock, random: Math.random });
      const collection = collectionNames(namespace, 'contract').ofBuild('one');
      await qdrant.call({ collection }, (api, init) => api.deleteCollection({ collection_name: collection }, init));
    }),
  { skip: url === '' },
);
