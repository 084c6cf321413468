import type { estypes } from '@elastic/elasticsearch';
import type { Clock } from '../../clock.ts';
import { type Document, passageId } from '../../corpus/document.ts';
import { TenkyoError } from '../../errors.ts';
import { fold } from '../../text/normalize.ts';
import type { TargetBuild } from '../index-target.ts';
import type { StoredPassage } from '../ports.ts';
import type { PreparedDocument } from '../prepare-document.ts';
import { drawOf, sampleSeed } from '../sample-documents.ts';
import { createBatches } from './batches.ts';
import type { BulkItem } from './bulk.ts';
import type { ElasticsearchConnection } from './connect.ts';
import { explainElasticsearchError } from './errors.ts';
import { asMeta, currentRecipe, type ElasticsearchManifest, readManifests, writeManifest } from './manifest.ts';
import { documentKey, indexName, readAlias, writeAlias } from './names.ts';
import { type IndexKind, indexAnalysis, indexKinds, indexMappings, type StoredDocument } from './schema.ts';

export interface IndexSettings {
  /** Primary shards of each index. */
  readonly shards: number;
  /** Copies of each shard once the build has ended; null: one where there is a second node. */
  readonly replicas: number | null;
  /** A field of its own for people who ask the index by other tools; needs the plugin analysis-kuromoji. */
  readonly kuromoji: boolean;
}

export interface BuildOptions {
  readonly connection: ElasticsearchConnection;
  readonly prefix: string;
  readonly corpus: string;
  readonly fingerprint: string;
  readonly settings: IndexSettings;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

const documentItem = (index: string, document: Document): BulkItem => {
  const { meta, ...fields } = document;
  const stored: StoredDocument & { folded: string } = {
    ...fields,
    text: fields.text.toWellFormed(),
    meta: JSON.stringify(meta),
    folded: fold(fields.text),
    draw: drawOf(document, sampleSeed),
  };
  return { index, id: documentKey(document), body: JSON.stringify(stored) };
};

const passageItems = (index: string, { document, passages }: PreparedDocument): BulkItem[] => {
  const { id: documentId, source, sequence, title, url, lang } = document;
  return passages.map(({ start, end, tokens }) => {
    const stored: Omit<StoredPassage, 'id'> & { tokens: string } = {
      documentId,
      source,
      sequence,
      title,
      url,
      lang,
      start,
      end,
      text: document.text.slice(start, end).toWellFormed(),
      tokens,
    };
    return { index, id: passageId(document, start, end), body: JSON.stringify(stored) };
  });
};

/**
 * A build in two new indexes, which readers see when both are whole. One that was stopped is gone on with: its name
 * follows from the corpus and the fingerprint, what was written stands in its `_meta`, and an id is written once.
 */
export const beginBuild = async (options: BuildOptions): Promise<TargetBuild> => {
  const { connection, prefix, corpus, fingerprint, settings, clock, signal } = options;
  const { client, where } = connection;
  const place = { where, corpus };
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explainElasticsearchError(error, place);
    }
  };
  const nameOf = (kind: IndexKind) => indexName(prefix, corpus, kind, fingerprint);
  const writtenTo = {
    documents: writeAlias(prefix, corpus, 'documents', fingerprint),
    passages: writeAlias(prefix, corpus, 'passages', fingerprint),
  };
  const begun: ElasticsearchManifest = {
    version: 1,
    corpus,
    fingerprint,
    recipe: currentRecipe(settings),
    state: 'building',
    at: new Date(clock.now()).toISOString(),
    note: null,
    documents: 0,
    passages: 0,
    rejects: { count: 0, first: [] },
    vectors: null,
    calibration: null,
    kinds: {},
  };

  const createIndex = (kind: IndexKind) =>
    client.indices.create({
      index: nameOf(kind),
      aliases: { [writtenTo[kind]]: {} },
      settings: {
        number_of_shards: settings.shards,
        // Copies are made once, of the whole, and nobody looks before that.
        number_of_replicas: 0,
        refresh_interval: -1,
        ...indexAnalysis(settings),
      } satisfies estypes.IndicesIndexSettings,
      mappings: { ...indexMappings(kind, settings), ...(kind === 'passages' && { _meta: asMeta(begun) }) },
    });

  /** What a build that was stopped left; the documents' index is made first, so it is there whenever the other is. */
  const resume = async (): Promise<ElasticsearchManifest> => {
    const [left] = await readManifests(connection, nameOf('passages'));
    if (left?.manifest.state === 'building') {
      const aliased = await Promise.all(
        indexKinds.map((kind) => client.indices.existsAlias({ name: writtenTo[kind] })),
      );
      if (aliased.every(Boolean)) return left.manifest;
    }
    await client.indices.delete({ index: indexKinds.map(nameOf), ignore_unavailable: true });
    for (const kind of indexKinds) await createIndex(kind);
    return begun;
  };

  const note = (manifest: ElasticsearchManifest) => writeManifest(connection, nameOf('passages'), manifest);
  const batches = createBatches({
    from: await guard(resume),
    note,
    clock,
    bulk: { connection, corpus, clock, ...(signal && { signal }) },
  });

  const countOf = async (kind: IndexKind): Promise<number> => (await client.count({ index: nameOf(kind) })).count;

  const switchReaders = async (): Promise<void> => {
    const actions = indexKinds.flatMap((kind): estypes.IndicesUpdateAliasesAction[] => {
      const alias = readAlias(prefix, corpus, kind);
      return [
        { remove: { index: '*', alias, must_exist: false } },
        { remove: { index: nameOf(kind), alias: writtenTo[kind], must_exist: false } },
        { add: { index: nameOf(kind), alias } },
      ];
    });
    await client.indices.updateAliases({ actions });
  };

  /** All builds of the corpus but the new one and the one before: somebody may be reading that. */
  const removeOld = async (before: string | null): Promise<void> => {
    for (const { manifest } of await readManifests(connection, `${readAlias(prefix, corpus, 'passages')}-*`)) {
      const { corpus: other, fingerprint: old } = manifest;
      if (other !== corpus || old === fingerprint || old === before) continue;
      const index = indexKinds.map((kind) => indexName(prefix, corpus, kind, old));
      await client.indices.delete({ index, ignore_unavailable: true });
    }
  };

  return {
    noted: async () => batches.state().note,
    write: async (documents, at) => {
      for (const prepared of documents) {
        const passages = passageItems(writtenTo.passages, prepared);
        await batches.add([documentItem(writtenTo.documents, prepared.document), ...passages], {
          documents: 1,
          passages: passages.length,
        });
      }
      batches.mark(at);
    },
    finish: () => batches.end(),
    publish: () =>
      guard(async () => {
        const state = batches.state();
        const indexes = indexKinds.map(nameOf);
        await client.indices.refresh({ index: indexes });
        const [documents, passages] = await Promise.all([countOf('documents'), countOf('passages')]);
        const written = state.documents + state.passages - state.rejects.count;
        if (documents + passages !== written) {
          await client.indices.delete({ index: indexes, ignore_unavailable: true });
          throw new TenkyoError('file_corrupt', `the index "${corpus}" on Elasticsearch is not whole`, {
            where: `${where}${nameOf('passages')}`,
            expected: `${written} documents and passages`,
            found: `${documents + passages}`,
            remedy: `Build it again: tenkyo index ${corpus}`,
          });
        }
        const [before] = await readManifests(connection, readAlias(prefix, corpus, 'passages'));
        await client.indices.putSettings({
          index: indexes,
          settings: {
            refresh_interval: '30s',
            ...(settings.replicas === null
              ? { auto_expand_replicas: '0-1' }
              : { number_of_replicas: settings.replicas }),
          },
        });
        await note({ ...state, state: 'complete', documents, passages, at: new Date(clock.now()).toISOString() });
        await switchReaders();
        await removeOld(before?.manifest.fingerprint ?? null);
        return { documents, passages, rejects: state.rejects };
      }),
    close: () => batches.close(),
  };
};
