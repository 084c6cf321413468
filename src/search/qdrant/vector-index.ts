import type { Schemas } from '@qdrant/js-client-rest';
import { TenkyoError } from '../../errors.ts';
import { hiddenBySource } from '../hidden-by-source.ts';
import type { ScoredPassage, VectorIndex } from '../ports.ts';
import { currentCollection } from './builds.ts';
import type { Qdrant } from './qdrant.ts';
import { type CollectionFacts, collectionNames, qdrantSchema, readFacts, vectorName } from './schema.ts';

export interface OpenVectorsOptions {
  readonly qdrant: Qdrant;
  /** Before the names of collections: several installations may share a server. */
  readonly namespace: string;
  readonly corpus: string;
  /** The build to read; null: the one that is current. Parts of one index are of one build. */
  readonly build: string | null;
  /** The configured embedder's fingerprint. */
  readonly embedder: string;
}

/** Vectors of a build on a Qdrant server. */
export interface OpenVectors {
  readonly facts: CollectionFacts & { readonly dimensions: number };
  readonly vector: VectorIndex;
}

const sizeOf = ({ vectors }: Schemas['CollectionInfo']['config']['params']): number | null => {
  const named = (vectors as Record<string, { size?: unknown } | undefined> | undefined)?.[vectorName];
  return typeof named?.size === 'number' ? named.size : null;
};

const describeCollection = (
  info: Schemas['CollectionInfo'],
  { where, corpus, embedder }: { where: string; corpus: string; embedder: string },
) => {
  const refuse = (code: 'index_missing' | 'index_mismatch', message: string, expected: string, found: string) =>
    new TenkyoError(code, message, { where, expected, found, remedy: `Build it again: tenkyo index ${corpus}` });
  const facts = readFacts(info.config.metadata);
  const dimensions = sizeOf(info.config.params);
  if (facts === null || facts.schema !== qdrantSchema || dimensions === null) {
    const made = facts === null ? 'another program' : `schema ${facts.schema}`;
    throw refuse(
      'index_mismatch',
      `the collection of "${corpus}" was made otherwise`,
      `schema ${qdrantSchema} of this product`,
      made,
    );
  }
  if (facts.points === null) {
    throw refuse(
      'index_missing',
      `the vectors of "${corpus}" are not all on the Qdrant server`,
      'a whole build',
      'a part of one',
    );
  }
  if (facts.embedder !== embedder) {
    throw refuse(
      'index_mismatch',
      `the vectors of "${corpus}" were made by another embedding model`,
      embedder.slice(0, 12),
      facts.embedder.slice(0, 12),
    );
  }
  return { ...facts, dimensions };
};

/**
 * Opens the vectors of a corpus. Searches go by the Query API to the collection itself, so that a build that becomes
 * current meanwhile changes nothing under a reader.
 *
 * @throws TenkyoError `index_missing`, `index_mismatch`, `engine_unavailable`
 */
export const openVectors = async ({
  qdrant,
  namespace,
  corpus,
  build,
  embedder,
}: OpenVectorsOptions): Promise<OpenVectors> => {
  const names = collectionNames(namespace, corpus);
  const asked = build === null ? names.alias : names.ofBuild(build);
  const info = await qdrant.call({ collection: asked, retries: 1 }, (api, init) =>
    api.getCollection({ collection_name: asked }, init),
  );
  const facts = describeCollection(info, { where: `${qdrant.address}, collection ${asked}`, corpus, embedder });
  const collection = build === null ? await currentCollection(qdrant, asked) : asked;
  const quantised = (info.config.quantization_config ?? null) !== null;

  return {
    facts,
    vector: {
      search: async (
        vector,
        { limit, sources, languages = null, hidden, signal },
      ): Promise<readonly ScoredPassage[]> => {
        signal?.throwIfAborted();
        if (vector.length !== facts.dimensions) {
          throw new TenkyoError('index_mismatch', 'the query vector has another length than those of the index', {
            expected: `${facts.dimensions} dimensions`,
            found: `${vector.length} dimensions`,
            remedy: `Build the index again with the embedding model that is configured: tenkyo index ${corpus}.`,
          });
        }
        // Qdrant refuses a limit of 0, and takes an empty `any` for nothing at all only since 1.17.
        if (limit < 1 || sources?.length === 0 || languages?.length === 0) return [];
        const must = [
          ...(sources === null ? [] : [{ key: 'source', match: { any: [...sources] } }]),
          ...(languages === null ? [] : [{ key: 'lang', match: { any: [...languages] } }]),
        ] satisfies Schemas['FieldCondition'][];
        const mustNot = [...hiddenBySource(hidden)].map(([source, sequence]) => ({
          must: [
            { key: 'source', match: { value: source } },
            { key: 'sequence', match: { any: sequence } },
          ],
        })) satisfies Schemas['Filter'][];
        const filter = { ...(must.length > 0 && { must }), ...(mustNot.length > 0 && { must_not: mustNot }) };
        const request = {
          query: [...vector],
          using: vectorName,
          limit,
          with_payload: ['passage', 'lang'],
          ...(must.length + mustNot.length > 0 && { filter }),
          ...(quantised && { params: { quantization: { rescore: true, oversampling: 2 } } }),
        } satisfies Schemas['QueryRequest'];
        const { points } = await qdrant.call({ collection, signal }, (api, init) =>
          api.queryPoints({ collection_name: collection, ...request }, init),
        );
        return points.map(({ payload, score }) => ({
          passageId: String(payload?.passage),
          score,
          lang: typeof payload?.lang === 'string' ? payload.lang : null,
        }));
      },
    },
  };
};
