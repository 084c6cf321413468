import type { GroundingMode } from '../chat/grounding/grounding.ts';
import type { CorpusPart } from '../corpus/part.ts';

/** The configuration after validation: every path absolute, every default filled in. */
export interface Config {
  readonly apps: readonly AppConfig[];
  readonly admins: { readonly users: readonly string[]; readonly userGroup: string | null };
  readonly limits: LimitsConfig;
  readonly runs: readonly RunConfig[];
  readonly models: readonly ModelConfig[];
  readonly corpora: readonly CorpusConfig[];
  /** null: no embedding model is configured and vector search is off. */
  readonly embedding: EmbeddingConfig | null;
  readonly search: SearchConfig;
  /** null: keywords and stretches are looked up in the index on this machine. */
  readonly elasticsearch: ElasticsearchConfig | null;
  /** null: vectors are looked up in the index on this machine. */
  readonly qdrant: QdrantConfig | null;
  /** null: the queues and the feed are this process's own. */
  readonly redis: RedisConfig | null;
  /** null: the records are in a database inside this process. */
  readonly database: DatabaseConfig | null;
  /** What a process gets to finish or hand over its work after it was told to end. */
  readonly shutdownMs: number;
  /** Questions that newcomers are offered, in order. */
  readonly suggestions: readonly { readonly locale: 'ja' | 'en'; readonly text: string }[];
  /** Folder of everything the product writes; default `.tenkyo` under the working directory. */
  readonly dataDirectory: string;
  /** Key of the pseudonyms in exports; null: one of the data directory's own. */
  readonly exportKey: string | null;
  /** null: the local workspace plays Slack. */
  readonly slackApiUrl: string | null;
  /** How events arrive from Slack; the local workspace always uses Socket Mode. */
  readonly slack: SlackConfig;
  /** null: no operator's port. */
  readonly operator: OperatorConfig | null;
  /** Where the declarations came from, for messages. */
  readonly file: string;
}

export type AppRole = 'model' | 'search' | 'admin';

/** One Slack app; its tokens come from the environment (`<APP>_BOT_TOKEN`, …) or from the local workspace. */
export interface AppConfig {
  readonly name: string;
  readonly roles: readonly AppRole[];
  /** The model that an app with the role `model` answers with. */
  readonly model: string | null;
  readonly tokens: AppTokens | null;
}

export interface AppTokens {
  readonly botToken: string;
  readonly appToken: string | null;
  readonly signingSecret: string | null;
}

/** Where a server of this process listens. */
export interface ListenAddress {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

export type SlackConfig =
  | { readonly receive: 'socket' }
  | {
      readonly receive: 'http';
      /** Where Slack sends requests to; a path for each app stands under it. */
      readonly publicUrl: string;
      /** Bytes. */
      readonly bodyLimit: number;
      readonly listen: ListenAddress;
    };

/** Metrics, health and the board of the queues, for those who run the product. */
export interface OperatorConfig {
  readonly listen: ListenAddress;
  /** For metrics and the board; null: no board, and metrics are open to whoever reaches the port. */
  readonly password: string | null;
  readonly boardWrites: boolean;
}

export interface RunConfig {
  readonly name: string;
  readonly file: string;
}

export type PromptTemplateName = 'llm-jp-v1' | 'llm-jp-v2' | 'chatml' | 'llama-3' | 'chat_template' | 'none';

/** What is known of every model. */
interface CommonModelConfig {
  readonly name: string;
  readonly template: PromptTemplateName;
  /** The training run that made it; null: unknown, so that iterations can't be related to it. */
  readonly run: string | null;
  /** Iterations trained: it has read iterations 0 … checkpoint − 1; `last`: the whole run. */
  readonly checkpoint: number | 'last';
  readonly maxTokens: number;
  /** UTF-8 bytes of an answer, and seconds from the request to its end. */
  readonly maxBytes: number;
  readonly maxSeconds: number;
  readonly temperature: number;
  readonly topP: number;
  /** How it answers from the corpus: it writes with citations, or sentences are quoted. */
  readonly grounding: GroundingMode;
  /** Most earlier turns of a thread that a prompt holds; null: as many as fit. Small models lose the thread. */
  readonly earlierTurns: number | null;
  /** Answers generated at once. */
  readonly concurrency: number;
}

export interface OnnxModelConfig extends CommonModelConfig {
  readonly provider: 'onnx';
  /** Folder in the transformers.js layout. */
  readonly path: string;
}

/** A model on servers that speak OpenAI's API: vLLM, llama.cpp, … */
export interface OpenAiModelConfig extends CommonModelConfig {
  readonly provider: 'openai';
  /** Without a slash at the end. */
  readonly baseUrls: readonly string[];
  readonly apiModel: string;
  /** `<MODEL>_API_KEY`. */
  readonly apiKey: string | null;
  /** Folder of its tokenizer; null: the server counts tokens. */
  readonly tokenizer: string | null;
  readonly rendering: 'server' | 'local';
  readonly reasoning: 'server' | 'harmony' | 'think';
  /** null: what the server says. */
  readonly contextLength: number | null;
  readonly firstTokenSeconds: number;
  readonly idleSeconds: number;
}

export type ModelConfig = OnnxModelConfig | OpenAiModelConfig;

export interface CorpusConfig {
  readonly name: string;
  readonly documents: readonly CorpusPart[];
  readonly runs: readonly string[];
  readonly visibility: Visibility;
}

/** Who may see what a corpus holds: everyone, or these channels (ids) and, for themselves, these user groups (ids). */
type Visibility = 'everyone' | { readonly channels: readonly string[]; readonly userGroups: readonly string[] };

/** What holds until an admin sets something else; null: no limit. */
export interface LimitsConfig {
  /** Of one person, within any 24 hours. */
  readonly questions: number | null;
  readonly tokens: number | null;
  /** Answers of one person waiting or being written. */
  readonly atOnce: number | null;
  /** Answers of one person being written; further ones wait for these. */
  readonly running: number | null;
  /** Questions that may wait for one model. */
  readonly waiting: number | null;
}

/** What every embedder is told of its model. */
interface ModelFacts {
  /** Put before a query, before a passage; '' for a model that was trained without. */
  readonly queryPrefix: string;
  readonly passagePrefix: string;
  /** Take each language's mean from the vectors: for models of the e5 kind. */
  readonly centred: boolean;
  /** Keep passages' vectors in the data folder, for builds to come. */
  readonly cache: boolean;
  /** Most that they may take there. */
  readonly cacheBytes: number;
}

export interface OnnxEmbeddingConfig extends ModelFacts {
  readonly provider: 'onnx';
  /** Folder in the transformers.js layout; of a model on a hub, where it is fetched to. */
  readonly path: string;
  /** null: the folder was put there by hand. */
  readonly hub: { readonly id: string; readonly revision: string; readonly endpoint: string } | null;
  readonly pooling: 'mean' | 'cls';
  /** Threads that embed passages of a build; null: as many as the machine has processors to spare. */
  readonly workers: number | null;
}

export interface OpenAiEmbeddingConfig extends ModelFacts {
  readonly provider: 'openai';
  readonly baseUrl: string;
  readonly model: string;
  /** `EMBEDDING_API_KEY`. */
  readonly apiKey: string | null;
  readonly dimensions: number;
  readonly requestDimensions: boolean;
  readonly inputType: boolean;
  readonly encoding: 'base64' | 'float';
  readonly revision: string;
  readonly maxCharacters: number;
  readonly batchSize: number;
  readonly concurrency: number;
  readonly timeoutMs: number;
}

type EmbeddingConfig = OnnxEmbeddingConfig | OpenAiEmbeddingConfig;

/** How much vectors count beside keywords, by how well keywords cover the query (0…1); see src/search/fuse.ts. */
interface VectorWeightConfig {
  readonly covered?: number;
  readonly uncovered?: number;
  readonly least?: number;
  readonly most?: number;
}

/** How the lists of the engines become one. */
export type FusionConfig =
  | { readonly method: 'adaptive'; readonly native?: VectorWeightConfig; readonly foreign?: VectorWeightConfig }
  | { readonly method: 'fixed'; readonly vector: number }
  | { readonly method: 'rank' };

/** A cross-encoder that puts the first hits in order. */
export interface RerankerConfig {
  /** Folder in the transformers.js layout; of a model on a hub, where it is fetched to. */
  readonly path: string;
  /** null: the folder was put there by hand. */
  readonly hub: { readonly id: string; readonly revision: string; readonly endpoint: string } | null;
  /** Name of its weights in `onnx/`, without the ending. */
  readonly weights: string;
  /** Hits that it puts in order. */
  readonly top: number;
  /** Of query and passage together. */
  readonly maxTokens: number;
  readonly timeoutMs: number;
}

interface SearchConfig {
  readonly fusion: FusionConfig;
  /** null: hits stay as they are fused. */
  readonly reranker: RerankerConfig | null;
}

/** A vector server, from the environment (`QDRANT_URL`, …). */
export interface QdrantConfig {
  readonly url: string;
  readonly apiKey: string | null;
  /** Begins the names of its collections. */
  readonly namespace: string;
  readonly shards: number;
  readonly replicas: number;
}

/** A search server, from the environment (`ELASTICSEARCH_URL`, …). */
export interface ElasticsearchConfig {
  readonly url: string;
  readonly apiKey: string | null;
  /** PEM file, absolute. */
  readonly caFile: string | null;
  /** Begins the names of its indexes. */
  readonly prefix: string;
  readonly shards: number;
  /** null: one copy where there is a second node. */
  readonly replicas: number | null;
  readonly kuromoji: boolean;
  /** Nothing of an index is on this machine: texts and keywords are on this server, vectors on Qdrant. */
  readonly alone: boolean;
}

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** Where queues and feed are, from the environment (`REDIS_URL`, …). */
export interface RedisConfig {
  /** Server, user, password, database and TLS; with sentinels its host is not used. */
  readonly url: string;
  /** PEM file, absolute. */
  readonly caFile: string | null;
  /** Begins every key, in braces: on a cluster all keys of one installation stand together. */
  readonly prefix: string;
  readonly sentinels: {
    readonly nodes: readonly ServerAddress[];
    readonly name: string;
    readonly password: string | null;
  } | null;
  /** Whether the URL names a node of a cluster. */
  readonly cluster: boolean;
}

/** Where records are, from the environment (`DATABASE_URL`, …). */
export interface DatabaseConfig {
  readonly url: string;
  /** PEM file, absolute. */
  readonly caFile: string | null;
  /** Most connections of a process. */
  readonly connections: number;
  /** A statement that takes longer is given up. */
  readonly statementMs: number;
}
