/** How far an answer is: what a server tells in `usage`. */
interface Counts {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** The data of one event, before JSON. */
type Chunk = Record<string, unknown>;

/** The shapes in which a server streams, for completions and chats alike. */
interface Dialect {
  /** Before the first token. */
  begin(chat: boolean): Chunk[];
  token(chat: boolean, text: string, counts: Counts): Chunk;
  reasoning(text: string): Chunk;
  end(chat: boolean, finish: string, counts: Counts): Chunk[];
  /** The body of a refusal. */
  refusal(status: number, message: string, type: string): Chunk;
}

const usageOf = ({ promptTokens, completionTokens }: Counts): Chunk => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  total_tokens: promptTokens + completionTokens,
});
const kindOf = (chat: boolean): string => (chat ? 'chat.completion.chunk' : 'text_completion');

/** llama.cpp's server: the usage rides with the finish reason; the first delta's content is null; codes are numbers. */
const llamaCpp: Dialect = (() => {
  const frame = (chat: boolean, choice: Chunk, more: Chunk = {}): Chunk => ({
    choices: [{ index: 0, ...choice }],
    created: 1_753_000_000,
    model: 'model.gguf',
    system_fingerprint: 'b6000-0000000',
    object: kindOf(chat),
    id: 'chatcmpl-p4c3d',
    ...more,
  });
  return {
    begin: (chat) => (chat ? [frame(true, { finish_reason: null, delta: { role: 'assistant', content: null } })] : []),
    token: (chat, text) =>
      frame(
        chat,
        chat ? { finish_reason: null, delta: { content: text } } : { text, logprobs: null, finish_reason: null },
      ),
    reasoning: (text) => frame(true, { finish_reason: null, delta: { reasoning_content: text } }),
    end: (chat, finish, counts) => [
      frame(chat, chat ? { finish_reason: finish, delta: {} } : { text: '', logprobs: null, finish_reason: finish }, {
        usage: usageOf(counts),
        timings: { prompt_n: counts.promptTokens, predicted_n: counts.completionTokens },
      }),
    ],
    refusal: (code, message, type) => ({ error: { code, message, type } }),
  };
})();

/** vLLM: usage so far in every chunk, and once more in a last one without choices. */
const vllm: Dialect = (() => {
  const frame = (chat: boolean, choices: readonly Chunk[], counts: Counts): Chunk => ({
    id: chat ? 'chatcmpl-p4c3d' : 'cmpl-p4c3d',
    object: kindOf(chat),
    created: 1_753_000_000,
    model: 'served-model',
    choices: choices.map((choice) => ({ index: 0, logprobs: null, ...choice })),
    usage: usageOf(counts),
  });
  const none = { promptTokens: 0, completionTokens: 0 };
  const content = (chat: boolean, text: string): Chunk => (chat ? { delta: { content: text } } : { text });
  return {
    begin: (chat) =>
      chat ? [frame(true, [{ delta: { role: 'assistant', content: '' }, finish_reason: null }], none)] : [],
    token: (chat, text, counts) =>
      frame(chat, [{ ...content(chat, text), finish_reason: null, stop_reason: null }], counts),
    reasoning: (text) => frame(true, [{ delta: { reasoning: text }, finish_reason: null }], none),
    end: (chat, finish, counts) => [
      frame(chat, [{ ...content(chat, ''), finish_reason: finish, stop_reason: null }], counts),
      frame(chat, [], counts),
    ],
    refusal: (code, message, type) => ({ error: { message, type, param: null, code } }),
  };
})();

export const dialects = { 'llama.cpp': llamaCpp, vllm } as const;
export type DialectName = keyof typeof dialects;
