/** Writes a continuation of a prompt. One a model; adapters: `onnx/`, later `openai/`. */
export interface Generator {
  /**
   * Streams the continuation. The last part is always `end`; a stream that ends without one was cut and throws
   * `TenkyoError('model_failed')`. An aborted signal ends it with the signal's reason.
   */
  generate(request: GenerationRequest): AsyncIterable<GenerationPart>;
  close(): Promise<void>;
}

export interface GenerationRequest {
  /** The whole prompt, template applied; special tokens in it are markers of ours, user text has been neutralised. */
  readonly prompt: string;
  /** Most tokens to write. */
  readonly maxTokens: number;
  /** 0: greedy. */
  readonly temperature: number;
  readonly topP: number;
  readonly seed?: number;
  readonly signal: AbortSignal;
}

/** Why it stopped: the model's own end token, the token limit, a loop that the guard cut. */
export type FinishReason = 'stop' | 'length' | 'loop';

export type GenerationPart =
  /** New text since the last part; never ends inside a character. */
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'end'; readonly finish: FinishReason; readonly usage: Usage };

export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** From the request to the last token. */
  readonly seconds: number;
}

/** Counts tokens as the model does, to keep a prompt inside its context. */
export interface TokenCounter {
  count(text: string): Promise<number>;
  /** Positions the model has: prompt and answer together. */
  readonly contextLength: number;
}
