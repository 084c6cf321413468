import type { Schemas } from '@qdrant/js-client-rest';
import type { Clock } from '../../clock.ts';
import { parsePassageId } from '../../corpus/document.ts';
import { TenkyoError } from '../../errors.ts';
import type { VectorPoint, VectorWriter } from '../index-target.ts';
import { makeCurrent } from './builds.ts';
import { pointId } from './point-id.ts';
import type { Qdrant } from './qdrant.ts';
import {
  type CollectionFacts,
  collectionNames,
  indexingThreshold,
  newCollection,
  type PointPayload,
  payloadIndexes,
  qdrantSchema,
  readFacts,
  vectorName,
} from './schema.ts';

export interface VectorBuildOptions {
  readonly qdrant: Qdrant;
  readonly namespace: string;
  readonly corpus: string;
  /** Id of the build; the collection is named after it. */
  readonly build: string;
  /** Of the whole index, and of the embedder. */
  readonly fingerprint: string;
  readonly embedder: string;
  readonly dimensions: number;
  /** Vectors that will come, about: decides how they are kept. */
  readonly expected: number;
  readonly shards?: number;
  readonly replicas?: number;
  /** Bytes of one request; Qdrant refuses more than 32 MiB. */
  readonly batchBytes?: number;
  readonly clock: Clock;
}

/** Tries after the first: more than two minutes of waiting in all. */
const retries = 8;
const lookMs = 500;
/** A 32-bit float as decimal text, comma included. */
const bytesOfNumber = 24;
const bytesOfPoint = 120;

const refuseVector = ({ passageId, vector }: VectorPoint, dimensions: number): void => {
  if (vector.length !== dimensions) {
    throw new TenkyoError('index_mismatch', 'a vector has another length than the collection', {
      where: passageId,
      expected: `${dimensions} dimensions`,
      found: `${vector.length} dimensions`,
      remedy: 'Build the index again: tenkyo index.',
    });
  }
  // Qdrant would store a vector of zeros, and find it for every query alike.
  if (!vector.every(Number.isFinite) || vector.every((value) => value === 0)) {
    throw new TenkyoError('model_failed', 'the embedding model gave a vector that points nowhere', {
      where: passageId,
      expected: 'finite numbers, not all of them 0',
      remedy: 'Look at the embedding model; a text without a vector is left out.',
    });
  }
};

const toPoint = ({ passageId, documentId, lang, vector }: VectorPoint) => {
  const { source, sequence } = parsePassageId(passageId) ?? { source: '', sequence: 0 };
  const payload: PointPayload = { passage: passageId, document: documentId, source, sequence, lang };
  return { id: pointId(passageId), vector: { [vectorName]: [...vector] }, payload } satisfies Schemas['PointStruct'];
};

/** Groups of points whose requests stay below the limit. */
const groupsOf = (points: readonly Schemas['PointStruct'][], dimensions: number, most: number) => {
  const groups: Schemas['PointStruct'][][] = [];
  let room = 0;
  for (const point of points) {
    const bytes = dimensions * bytesOfNumber + Buffer.byteLength(JSON.stringify(point.payload)) + bytesOfPoint;
    if (room < bytes || groups.length === 0) {
      groups.push([]);
      room = most;
    }
    groups.at(-1)!.push(point);
    room -= bytes;
  }
  return groups;
};

/**
 * Begins a build, or goes on with it where a killed one left it. What is added is looked at before it is sent.
 *
 * @throws TenkyoError `engine_unavailable`; `add` also `index_mismatch` for a wrong length, `model_failed` for a vector
 * that points nowhere
 */
export const openVectorWriter = async (options: VectorBuildOptions): Promise<VectorWriter> => {
  const { qdrant, namespace, corpus, build, fingerprint, embedder, dimensions, clock } = options;
  const { batchBytes = 8 * 2 ** 20 } = options;
  const names = collectionNames(namespace, corpus);
  const collection = names.ofBuild(build);
  const facts: CollectionFacts = { schema: qdrantSchema, corpus, fingerprint, embedder, points: null, note: null };
  const noted = await ensureCollection(options, collection, facts);
  let last: Schemas['PointStruct'] | null = null;

  const upsert = (points: Schemas['PointStruct'][], wait: boolean, signal?: AbortSignal) =>
    qdrant.call({ collection, retries, signal }, (api, init) =>
      api.upsertPoints({ collection_name: collection, wait, points }, init),
    );

  const countPoints = async (signal?: AbortSignal): Promise<number> => {
    const { count } = await qdrant.call({ collection, retries, signal }, (api, init) =>
      api.countPoints({ collection_name: collection, exact: true }, init),
    );
    return count;
  };

  const waitForPoints = async (expected: number, signal?: AbortSignal): Promise<void> => {
    let before = -1;
    for (;;) {
      const found = await countPoints(signal);
      if (found === expected) return;
      if (found > expected || found === before) {
        // What is missing stands before the note: the next try begins at the beginning.
        await update({ metadata: facts }, signal);
        throw new TenkyoError('index_mismatch', 'Qdrant does not hold the vectors that were sent', {
          where: `${qdrant.address}, collection ${collection}`,
          expected: `${expected} points`,
          found: `${found} points`,
          remedy: `Build the index again: tenkyo index ${corpus}`,
        });
      }
      before = found;
      await clock.sleep(lookMs, signal);
    }
  };

  const update = (body: Schemas['UpdateCollection'], signal?: AbortSignal) =>
    qdrant.call({ collection, retries, signal }, (api, init) =>
      api.updateCollection({ collection_name: collection, ...body }, init),
    );

  const waitForGraph = async (signal?: AbortSignal): Promise<void> => {
    for (;;) {
      const { status, optimizer_status } = await qdrant.call({ collection, retries, signal }, (api, init) =>
        api.getCollection({ collection_name: collection }, init),
      );
      if (status === 'green') return;
      if (status === 'red') {
        throw new TenkyoError('engine_unavailable', 'Qdrant could not make the graph of the vectors', {
          where: `${qdrant.address}, collection ${collection}`,
          found: JSON.stringify(optimizer_status),
          remedy: "Look into the server's log: memory or disk may be full.",
        });
      }
      await clock.sleep(lookMs, signal);
    }
  };

  return {
    noted,
    note: async (note, signal) => {
      if (last) await upsert([last], true, signal);
      await update({ metadata: { ...facts, note } }, signal);
    },
    add: async (points, signal) => {
      for (const point of points) refuseVector(point, dimensions);
      for (const group of groupsOf(points.map(toPoint), dimensions, batchBytes)) {
        await upsert(group, false, signal);
        last = group.at(-1)!;
      }
    },
    finish: async (points, signal) => {
      // The same point again: what is answered "completed" comes after all that was sent before.
      if (last) await upsert([last], true, signal);
      await waitForPoints(points, signal);
      await update({ optimizers_config: { indexing_threshold: indexingThreshold } }, signal);
      await waitForGraph(signal);
      await update({ metadata: { ...facts, points } }, signal);
      await makeCurrent({ qdrant, names, collection, signal });
    },
  };
};

/** Makes the collection of a build with its payload indexes, unless a killed build made just that; what it noted. */
const ensureCollection = async (
  { qdrant, dimensions, expected, shards = 1, replicas = 1 }: VectorBuildOptions,
  collection: string,
  facts: CollectionFacts,
): Promise<string | null> => {
  const call = { collection, retries };
  const { exists } = await qdrant.call(call, (api, init) =>
    api.collectionExists({ collection_name: collection }, init),
  );
  const left = exists ? await factsThere() : null;
  const isSame =
    left !== null &&
    [left.schema, left.fingerprint, left.embedder].join() === [facts.schema, facts.fingerprint, facts.embedder].join();
  if (!isSame) {
    if (exists) await qdrant.call(call, (api, init) => api.deleteCollection({ collection_name: collection }, init));
    const body = newCollection({ facts, dimensions, expected, shards, replicas });
    await qdrant.call({ collection }, (api, init) =>
      api.createCollection({ collection_name: collection, ...body }, init),
    );
  }
  // Made before the vectors come, so that the graph knows of the filters. Doing it again changes nothing.
  for (const index of payloadIndexes) {
    await qdrant.call(call, (api, init) =>
      api.createFieldIndex({ collection_name: collection, wait: true, ...index }, init),
    );
  }

  return isSame ? left.note : null;

  async function factsThere(): Promise<CollectionFacts | null> {
    const { config } = await qdrant.call(call, (api, init) => api.getCollection({ collection_name: collection }, init));
    return readFacts(config.metadata);
  }
};
