import type { CollectionChange, NewCollection, QdrantFilter, QdrantPoint, QdrantQuery } from './requests.ts';

/** A refusal as Qdrant words it. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const isUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const matches = (payload: Record<string, unknown>, { must = [], must_not = [] }: QdrantFilter): boolean => {
  const holds = (condition: NonNullable<QdrantFilter['must_not']>[number]): boolean => {
    if ('must' in condition) return condition.must.every(holds);
    const value = payload[condition.key];
    if ('range' in condition) {
      const { lt = Infinity, lte = Infinity, gt = -Infinity, gte = -Infinity } = condition.range;
      return typeof value === 'number' && value < lt && value <= lte && value > gt && value >= gte;
    }
    return 'any' in condition.match
      ? (condition.match.any as unknown[]).includes(value)
      : value === condition.match.value;
  };
  return must.every(holds) && !must_not.some(holds);
};

const cosine = (a: readonly number[], b: readonly number[]): number => {
  const length = Math.hypot(...a) * Math.hypot(...b);
  const dot = a.reduce((sum, value, index) => sum + value * b[index]!, 0);
  return length > 0 ? Math.fround(dot / length) : 0;
};

const picked = (payload: Record<string, unknown>, wanted: boolean | readonly string[]): object =>
  wanted === false
    ? {}
    : { payload: wanted === true ? payload : Object.fromEntries(wanted.map((key) => [key, payload[key]])) };

/** A collection in memory: exact search, the same refusals as a server's. */
export const createCollectionInMemory = (config: NewCollection) => {
  const points = new Map<string, QdrantPoint>();
  const indexes = new Map<string, { data_type: string; points: number }>();
  const metadata: Record<string, unknown> = { ...config.metadata };
  let strict: NonNullable<CollectionChange['strict_mode_config']> = { enabled: false };
  let threshold = config.optimizers_config?.indexing_threshold ?? 10_000;
  /** Times that the collection still says it is busy making its graph. */
  let busy = 0;
  let waiting: QdrantPoint[] = [];
  let operations = 0;

  const sizeOf = (name: string): number => {
    const size = config.vectors[name]?.size;
    if (size === undefined) throw new Refusal(400, `Wrong input: Not existing vector name error: ${name}`);
    return size;
  };

  const checkFilter = (filter: QdrantFilter | undefined): void => {
    if (!strict.enabled || strict.unindexed_filtering_retrieve !== false) return;
    const unwanted = (filter?.must_not ?? []).flatMap((one) => ('must' in one ? one.must : [one]));
    for (const { key } of [...(filter?.must ?? []), ...unwanted]) {
      if (indexes.has(key)) continue;
      throw new Refusal(
        400,
        `Bad request: Index required but not found for "${key}" of one of the following types: [keyword]. Help: Create an index for this key or use a different filter.`,
      );
    }
  };

  const checkLimit = (name: string, value: number, most: number | undefined): void => {
    if (!strict.enabled || most === undefined || value <= most) return;
    throw new Refusal(
      400,
      `Bad request: Limit exceeded ${value} > ${most} for "${name}". Help: Reduce the "${name}" parameter to or below ${most}.`,
    );
  };

  const apply = (): void => {
    for (const point of waiting) points.set(String(point.id), point);
    waiting = [];
  };

  return {
    index: (field: string, type: string): object => {
      indexes.set(field, { data_type: type, points: points.size });
      return { operation_id: operations++, status: 'completed' };
    },

    upsert: (added: readonly QdrantPoint[], wait: boolean): object => {
      checkLimit('upsert limit', added.length, strict.upsert_max_batchsize);
      for (const { id, vector } of added) {
        if (typeof id === 'string' && !isUuid.test(id)) {
          throw new Refusal(
            400,
            `Format error in JSON body: value ${id} is not a valid point ID, valid values are either an unsigned integer or a UUID`,
          );
        }
        for (const [name, values] of Object.entries(vector)) {
          const size = sizeOf(name);
          if (values.length === size) continue;
          throw new Refusal(
            400,
            `Wrong input: Vector dimension error: expected dim: ${size}, got ${values.length} for vector '${name}'`,
          );
        }
      }
      waiting.push(...added);
      // Applied in order: whoever waits waits for those before too.
      if (wait) apply();
      else setImmediate(apply);
      return { operation_id: operations++, status: wait ? 'completed' : 'acknowledged' };
    },

    query: ({ query, using = '', filter, limit, with_payload = false }: QdrantQuery): object => {
      checkLimit('limit', limit, strict.max_query_limit);
      checkFilter(filter);
      const size = sizeOf(using);
      if (query.length !== size) {
        throw new Refusal(400, `Wrong input: Vector dimension error: expected dim: ${size}, got ${query.length}`);
      }
      const found = [...points.values()]
        .filter(({ payload, vector }) => vector[using] && matches(payload, filter ?? {}))
        .map(({ id, payload, vector }) => ({
          id,
          version: operations,
          score: cosine(query, vector[using]!),
          ...picked(payload, with_payload),
        }))
        .sort((a, b) => b.score - a.score);
      return { points: found.slice(0, limit) };
    },

    scroll: ({
      filter = {},
      limit = 10,
      offset = null,
      with_payload = true,
    }: {
      filter?: QdrantFilter;
      limit?: number;
      offset?: string | number | null;
      with_payload?: boolean | string[];
    }): object => {
      checkFilter(filter);
      const all = [...points.values()]
        .filter(({ payload }) => matches(payload, filter))
        .sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
      const from = offset === null ? 0 : all.findIndex(({ id }) => String(id) >= String(offset));
      const page = from < 0 ? [] : all.slice(from, from + limit);
      return {
        points: page.map(({ id, payload }) => ({ id, ...picked(payload, with_payload) })),
        next_page_offset: from < 0 ? null : (all[from + limit]?.id ?? null),
      };
    },

    count: (filter: QdrantFilter = {}): object => ({
      count: [...points.values()].filter(({ payload }) => matches(payload, filter)).length,
    }),

    update: ({ optimizers_config, metadata: added, strict_mode_config }: CollectionChange): true => {
      if (optimizers_config && optimizers_config.indexing_threshold !== threshold) {
        threshold = optimizers_config.indexing_threshold;
        busy = 1;
      }
      Object.assign(metadata, added);
      strict = strict_mode_config ?? strict;
      return true;
    },

    info: (): object => ({
      status: busy-- > 0 ? 'yellow' : 'green',
      optimizer_status: 'ok',
      indexed_vectors_count: threshold > 0 ? points.size : 0,
      points_count: points.size,
      segments_count: 2,
      config: {
        params: {
          vectors: config.vectors,
          shard_number: config.shard_number ?? 1,
          replication_factor: config.replication_factor ?? 1,
          write_consistency_factor: 1,
          on_disk_payload: config.on_disk_payload ?? true,
          ...(config.sparse_vectors && { sparse_vectors: config.sparse_vectors }),
        },
        hnsw_config: {
          m: 16,
          ef_construct: 100,
          full_scan_threshold: 10_000,
          max_indexing_threads: 0,
          on_disk: config.hnsw_config?.on_disk ?? false,
        },
        optimizer_config: {
          deleted_threshold: 0.2,
          vacuum_min_vector_number: 1_000,
          default_segment_number: 0,
          max_segment_size: null,
          memmap_threshold: null,
          indexing_threshold: threshold,
          flush_interval_sec: 5,
          max_optimization_threads: null,
          prevent_unoptimized: null,
        },
        wal_config: { wal_capacity_mb: 32, wal_segments_ahead: 0, wal_retain_closed: 1 },
        quantization_config: config.quantization_config ?? null,
        ...(Object.keys(metadata).length > 0 && { metadata }),
      },
      payload_schema: Object.fromEntries(indexes),
      update_queue: { length: waiting.length },
    }),
  };
};

export type CollectionInMemory = ReturnType<typeof createCollectionInMemory>;
