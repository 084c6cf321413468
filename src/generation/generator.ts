/** Writes a continuation of a prompt. One a model; adapters: `onnx/` (this process), `openai/` (a server). */
export interface Generator {
  /**
   * Streams the continuation. The last part is always `end`; a stream that ends without one was cut and throws
   * `TenkyoError('model_failed')`. An aborted signal ends it with the signal's reason.
   */
  generate(request: GenerationRequest): AsyncIterable<GenerationPart>;
  close(): Promise<void>;
}

/**
 * What a model is given: a text with the template applied, or messages that the model's own chat template is applied to
 * by who holds it. A text is without the token that begins one (`<s>`, `<|begin_of_text|>`): the tokenizer puts it where
 * the model has the habit. Special tokens in it are markers of ours; what people wrote has been neutralised.
 */
export type Prompt = string | readonly ChatMessage[];

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface GenerationRequest {
  readonly prompt: Prompt;
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
  /** What a reasoning model thinks before it answers: no part of the answer. */
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'end'; readonly finish: FinishReason; readonly usage: Usage };

export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** From the request to the last token. */
  readonly seconds: number;
}

/** Counts tokens as the model does, to keep a prompt inside its context. */
export interface TokenCounter {
  count(prompt: Prompt): Promise<number>;
  /** A number that the count can't exceed, at no cost; where there is none every count is made. */
  atMost?(prompt: Prompt): number;
  /** Positions the model has: prompt and answer together. */
  contextLength(): Promise<number>;
}
