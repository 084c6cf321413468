import type { ErrorCode } from '../errors.ts';

/** What the thread is started with. */
export interface ThreadData {
  /** Memory of the native gate. */
  readonly gate: SharedArrayBuffer;
}

/** What the main thread asks of the ONNX thread. `path` is the model's folder: the thread loads it on first use. */
export type OnnxRequest =
  | { readonly type: 'load'; readonly id: number; readonly kind: ModelKind; readonly path: string }
  | { readonly type: 'count'; readonly id: number; readonly path: string; readonly text: string }
  | {
      readonly type: 'render';
      readonly id: number;
      readonly path: string;
      readonly messages: readonly TemplateMessage[];
    }
  | ({ readonly type: 'generate'; readonly id: number; readonly stop: SharedArrayBuffer } & TextTask)
  | ({ readonly type: 'embed'; readonly id: number; readonly stop: SharedArrayBuffer } & EmbeddingTask)
  | ({ readonly type: 'rank'; readonly id: number; readonly stop: SharedArrayBuffer } & RankingTask);

export type ModelKind = 'language' | 'embedding';

/** What a model computes on. */
export type OnnxDevice = 'cpu' | 'cuda';

/** A turn of a conversation as chat templates know it. */
export interface TemplateMessage {
  readonly role: string;
  readonly content: string;
}

export interface TextTask {
  readonly path: string;
  /** Its special tokens count as such; the token that begins a text is put before it where the tokenizer does so. */
  readonly prompt: string;
  readonly maxTokens: number;
  /** 0: greedy. */
  readonly temperature: number;
  readonly topP: number;
  /** The same seed, prompt and settings give the same text. */
  readonly seed?: number;
}

export interface EmbeddingTask {
  readonly path: string;
  readonly texts: readonly string[];
  /** Default: the mean. */
  readonly pooling?: Pooling;
}

/** Passages to be held against a query by a cross-encoder, which reads both together. */
export interface RankingTask {
  readonly path: string;
  /** Name of its weights in `onnx/`, without the ending. */
  readonly weights: string;
  readonly query: string;
  /** None: the model is loaded and nothing else. */
  readonly texts: readonly string[];
  /** Of query and passage together; what is longer is cut, the query at half of it. */
  readonly maxTokens: number;
}

/** How a text's vector comes of its tokens' last hidden states: their mean, or the state of the first token. */
export type Pooling = 'mean' | 'cls';

export interface TokenUsage {
  readonly promptTokens: number;
  /** Tokens written so far; the end token is not one. */
  readonly completionTokens: number;
}

/** What the ONNX thread answers; `text` may come many times, every other type ends its request. */
export type OnnxReply =
  | ({ readonly type: 'loaded'; readonly id: number } & LoadedModel)
  | { readonly type: 'counted'; readonly id: number; readonly tokens: number }
  | { readonly type: 'rendered'; readonly id: number; readonly text: string }
  | ({ readonly type: 'text'; readonly id: number; readonly text: string } & TokenUsage)
  | ({ readonly type: 'generated'; readonly id: number; readonly finish: TextFinish } & TokenUsage)
  | ({ readonly type: 'embedded'; readonly id: number } & Vectors)
  /** A number a text, in order; the greater, the better it answers the query. */
  | { readonly type: 'ranked'; readonly id: number; readonly scores: Float64Array<ArrayBuffer> }
  | { readonly type: 'failed'; readonly id: number; readonly fault: Fault };

export interface LoadedModel {
  /** Of loading; about 0 when it was loaded. */
  readonly seconds: number;
  readonly device: OnnxDevice;
  /** Why it is not on the GPU although there is one; null: it is, or there is none. */
  readonly refusal: string | null;
}

/** `stopped`: the stop flag was up. */
export type TextFinish = 'stop' | 'length' | 'stopped';

export interface Vectors {
  /** Rows of `dimensions` numbers, one a text, in order; all zeros for a text that has no vector. */
  readonly data: Float32Array<ArrayBuffer>;
  readonly dimensions: number;
}

/** A `TenkyoError` without its class, which a message between threads would lose. */
export interface Fault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly where: string | undefined;
  readonly expected: string | undefined;
  readonly found: string | undefined;
  readonly remedy: string | undefined;
}
