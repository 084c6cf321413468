import type { Schemas } from '@qdrant/js-client-rest';
import { z } from 'zod';

/*
 * The requests that the product sends, as Qdrant's published REST types have them: `satisfies` holds each against the
 * types that the client generates from Qdrant's own OpenAPI description. Fields that the product doesn't send are
 * refused, so that no misspelt one goes unseen.
 */

const condition = z.union([
  z.strictObject({
    key: z.string().min(1),
    match: z.strictObject({ value: z.union([z.string(), z.int(), z.boolean()]) }),
  }),
  z.strictObject({
    key: z.string().min(1),
    match: z.strictObject({ any: z.union([z.array(z.string()), z.array(z.int())]) }),
  }),
  z.strictObject({
    key: z.string().min(1),
    range: z.strictObject({
      lt: z.number().optional(),
      lte: z.number().optional(),
      gt: z.number().optional(),
      gte: z.number().optional(),
    }),
  }),
]) satisfies z.ZodType<Schemas['FieldCondition']>;

const filter = z.strictObject({
  must: z.array(condition).optional(),
  must_not: z.array(z.union([condition, z.strictObject({ must: z.array(condition) })])).optional(),
}) satisfies z.ZodType<Schemas['Filter']>;

const metadata = z.record(z.string(), z.unknown());
const withPayload = z.union([z.boolean(), z.array(z.string())]);
const pointId = z.union([z.int().min(0), z.string()]);
const payload = z.record(z.string(), z.unknown());

const scalar = z.strictObject({
  scalar: z.strictObject({
    type: z.literal('int8'),
    quantile: z.number().min(0.5).max(1).optional(),
    always_ram: z.boolean().optional(),
  }),
}) satisfies z.ZodType<Schemas['ScalarQuantization']>;

export const createCollection = z.strictObject({
  vectors: z.record(
    z.string(),
    z.strictObject({
      size: z.int().min(1).max(65_536),
      distance: z.enum(['Cosine', 'Euclid', 'Dot', 'Manhattan']),
      on_disk: z.boolean().optional(),
    }),
  ),
  sparse_vectors: z.record(z.string(), z.strictObject({ modifier: z.enum(['none', 'idf']) })).optional(),
  hnsw_config: z.strictObject({ on_disk: z.boolean().optional() }).optional(),
  quantization_config: scalar.nullish(),
  optimizers_config: z.strictObject({ indexing_threshold: z.int().min(0).optional() }).optional(),
  on_disk_payload: z.boolean().optional(),
  shard_number: z.int().min(1).optional(),
  replication_factor: z.int().min(1).optional(),
  metadata: metadata.optional(),
}) satisfies z.ZodType<Schemas['CreateCollection']>;

export const updateCollection = z.strictObject({
  optimizers_config: z.strictObject({ indexing_threshold: z.int().min(0) }).optional(),
  metadata: metadata.optional(),
  strict_mode_config: z
    .strictObject({
      enabled: z.boolean(),
      max_query_limit: z.int().min(1).optional(),
      unindexed_filtering_retrieve: z.boolean().optional(),
      unindexed_filtering_update: z.boolean().optional(),
      upsert_max_batchsize: z.int().min(1).optional(),
      search_allow_exact: z.boolean().optional(),
      filter_max_conditions: z.int().min(0).optional(),
      write_rate_limit: z.int().min(1).optional(),
      read_rate_limit: z.int().min(1).optional(),
    })
    .optional(),
}) satisfies z.ZodType<Schemas['UpdateCollection']>;

export const createFieldIndex = z.strictObject({
  field_name: z.string().min(1),
  field_schema: z.union([
    z.enum(['keyword', 'integer']),
    z.strictObject({ type: z.literal('integer'), lookup: z.boolean(), range: z.boolean() }),
  ]),
}) satisfies z.ZodType<Schemas['CreateFieldIndex']>;

export const upsertPoints = z.strictObject({
  points: z.array(z.strictObject({ id: pointId, vector: z.record(z.string(), z.array(z.number())), payload })).min(1),
}) satisfies z.ZodType<Schemas['PointsList']>;

export const queryPoints = z.strictObject({
  query: z.array(z.number()).min(1),
  using: z.string().optional(),
  filter: filter.optional(),
  limit: z.int().min(1),
  with_payload: withPayload.optional(),
  params: z
    .strictObject({
      exact: z.boolean().optional(),
      hnsw_ef: z.int().min(0).optional(),
      quantization: z
        .strictObject({ rescore: z.boolean().optional(), oversampling: z.number().min(1).optional() })
        .optional(),
    })
    .optional(),
}) satisfies z.ZodType<Schemas['QueryRequest']>;

export const scrollPoints = z.strictObject({
  filter: filter.optional(),
  limit: z.int().min(1).optional(),
  offset: pointId.nullish(),
  with_payload: withPayload.optional(),
  with_vector: z.boolean().optional(),
}) satisfies z.ZodType<Schemas['ScrollRequest']>;

export const countPoints = z.strictObject({
  filter: filter.optional(),
  exact: z.boolean().optional(),
}) satisfies z.ZodType<Schemas['CountRequest']>;

export const changeAliases = z.strictObject({
  actions: z.array(
    z.union([
      z.strictObject({
        create_alias: z.strictObject({ collection_name: z.string().min(1), alias_name: z.string().min(1) }),
      }),
      z.strictObject({ delete_alias: z.strictObject({ alias_name: z.string().min(1) }) }),
    ]),
  ),
}) satisfies z.ZodType<Schemas['ChangeAliasesOperation']>;

export type QdrantFilter = z.infer<typeof filter>;
export type NewCollection = z.infer<typeof createCollection>;
export type CollectionChange = z.infer<typeof updateCollection>;
export type QdrantPoint = z.infer<typeof upsertPoints>['points'][number];
export type QdrantQuery = z.infer<typeof queryPoints>;
export type AliasChanges = z.infer<typeof changeAliases>['actions'];
