import type { Schemas } from '@qdrant/js-client-rest';
import { z } from 'zod';

/** Goes into a collection's metadata: raised with each change of the payload or the vector's name. */
export const qdrantSchema = 1;

/** Name of the one vector of a point. */
export const vectorName = 'dense';

/** What a point says of its passage; everything that a search may filter by has an index. */
export interface PointPayload extends Record<string, unknown> {
  readonly passage: string;
  readonly document: string;
  readonly source: string;
  readonly sequence: number;
  readonly lang: string | null;
}

export const payloadIndexes = [
  { field_name: 'source', field_schema: 'keyword' },
  { field_name: 'document', field_schema: 'keyword' },
  { field_name: 'lang', field_schema: 'keyword' },
  { field_name: 'sequence', field_schema: 'integer' },
] as const satisfies readonly Schemas['CreateFieldIndex'][];

const metadataSchema = z.object({
  schema: z.number(),
  corpus: z.string(),
  fingerprint: z.string(),
  /** The embedder's fingerprint. */
  embedder: z.string(),
  /** Points, once the build is whole; null: it isn't. */
  points: z.int().nullable(),
  /** How far a build is that isn't whole yet. */
  note: z.string().nullable().default(null),
});

/** How a collection was made; kept as its metadata on the server. */
export type CollectionFacts = z.infer<typeof metadataSchema>;

/** The facts of a collection; null: this product didn't make it. */
export const readFacts = (metadata: unknown): CollectionFacts | null => metadataSchema.safeParse(metadata).data ?? null;

/** Where the builds of a corpus stand: each in a collection of its own, an alias on the current one. */
export const collectionNames = (namespace: string, corpus: string) => {
  // No corpus has "@" in its name: one is never taken for another's build.
  const builds = `${namespace}.${corpus}@`;
  return {
    alias: `${namespace}.${corpus}`,
    ofBuild: (build: string): string => `${builds}${build}`,
    isBuild: (collection: string): boolean => collection.startsWith(builds),
  };
};

const gibibyte = 2 ** 30;
/** Bytes of the vectors as they are, up to which … */
const limits = {
  /** … they stay in memory; */
  memory: gibibyte,
  /** … their 8-bit forms, a quarter, and the graph do. Beyond, both are read from disk. */
  quantised: 64 * gibibyte,
};

/**
 * How vectors are kept, by what they take as they are (count × dimensions × 4 bytes):
 *
 * | up to   | vectors | 8-bit forms | graph  |
 * | 1 GiB   | memory  | none        | memory |
 * | 64 GiB  | disk    | memory      | memory |
 * | beyond  | disk    | disk        | disk   |
 *
 * Payloads are on disk always; their indexes follow the graph. 8-bit forms choose, the vectors themselves decide (`quantised` searches rescore).
 */
const storageFor = (count: number, dimensions: number) => {
  const bytes = count * dimensions * Float32Array.BYTES_PER_ELEMENT;
  return { onDisk: bytes > limits.memory, quantised: bytes > limits.memory, graphOnDisk: bytes > limits.quantised };
};

/** A collection as it is while a build fills it: the graph is made once, at the end. */
export const newCollection = ({
  facts,
  dimensions,
  expected,
  shards,
  replicas,
}: {
  facts: CollectionFacts;
  dimensions: number;
  /** Vectors that will come, about. */
  expected: number;
  shards: number;
  replicas: number;
}) => {
  const { onDisk, quantised, graphOnDisk } = storageFor(expected, dimensions);
  return {
    vectors: { [vectorName]: { size: dimensions, distance: 'Cosine', on_disk: onDisk } },
    hnsw_config: { on_disk: graphOnDisk },
    quantization_config: quantised ? { scalar: { type: 'int8', quantile: 0.99, always_ram: !graphOnDisk } } : null,
    optimizers_config: { indexing_threshold: 0 },
    on_disk_payload: true,
    shard_number: shards,
    replication_factor: replicas,
    metadata: facts,
  } satisfies Schemas['CreateCollection'];
};

/** Kilobytes of vectors in a segment from which on it gets a graph; the server's own default. */
export const indexingThreshold = 10_000;
