import { z } from 'zod';

/** One piece of a streamed answer, whichever server sent it. */
interface Chunk {
  readonly text: string;
  /** What a reasoning model thinks, where the server tells it apart. */
  readonly reasoning: string;
  /** Why the answer ended; null: it goes on. */
  readonly finish: string | null;
  /** Of the whole answer so far; null: not said here. */
  readonly usage: { readonly promptTokens: number; readonly completionTokens: number } | null;
}

const text = z.string().nullish();
const count = z.int().min(0).nullish();

/**
 * The part of a chunk that is read. Completions have `text`, chats a `delta`; llama.cpp sends usage with the last choice,
 * vLLM and OpenAI in a chunk with `choices: []`; thinking is `reasoning_content`, or `reasoning` in vLLM since 0.12.
 */
const shape = z.object({
  choices: z
    .array(
      z.object({
        index: z.int().nullish(),
        text,
        delta: z.object({ content: text, reasoning_content: text, reasoning: text }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish(),
  error: z.unknown().optional(),
});

export type ReadChunk = Chunk | { readonly error: unknown } | { readonly unreadable: string };

/** Reads the data of one event. */
export const readChunk = (data: string): ReadChunk => {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return { unreadable: data };
  }
  const parsed = shape.safeParse(value);
  if (!parsed.success) return { unreadable: data };
  const { choices, usage, error } = parsed.data;
  if (error !== undefined && error !== null) return { error: value };
  if (!choices && !usage) return { unreadable: data };
  const choice = choices?.find(({ index }) => (index ?? 0) === 0);
  return {
    text: choice?.text ?? choice?.delta?.content ?? '',
    reasoning: choice?.delta?.reasoning_content ?? choice?.delta?.reasoning ?? '',
    finish: choice?.finish_reason || null,
    usage:
      typeof usage?.prompt_tokens === 'number'
        ? { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens ?? 0 }
        : null,
  };
};
