import { TenkyoError } from '../errors.ts';
import type { Prompt, TokenCounter } from '../generation/generator.ts';
import type { PromptTemplate, Turn } from '../generation/templates.ts';

export interface PromptRequest {
  readonly template: PromptTemplate;
  /** null: what the template says by itself. */
  readonly system: string | null;
  /** Oldest first. */
  readonly turns: readonly Turn[];
  readonly question: string;
  /** Most earlier turns that the model can make use of; it may have been tuned on few. Default: as many as fit. */
  readonly maxTurns?: number;
  readonly tokens: TokenCounter;
  /** Tokens that the answer may have. */
  readonly maxTokens: number;
}

export interface BuiltPrompt {
  readonly prompt: Prompt;
  /** Tokens that the answer may have: what was asked for, or less when the question alone leaves no more room. */
  readonly maxTokens: number;
  /** Turns left out, the oldest ones: they didn't fit, were more than `maxTurns`, or the template holds none. */
  readonly droppedTurns: number;
}

/** An answer of fewer tokens is none: the question is too long then. */
const leastAnswer = 32;

/**
 * Puts a conversation into the model's context: the system text and the question always, and as many of the last turns
 * as leave the answer its room.
 *
 * @throws TenkyoError `prompt_too_long` when the question alone leaves no room for an answer
 */
export const buildPrompt = async ({
  template,
  system,
  turns,
  question,
  maxTurns = Number.POSITIVE_INFINITY,
  tokens,
  maxTokens,
}: PromptRequest): Promise<BuiltPrompt> => {
  const held = template.holdsTurns ? turns : [];
  const render = (dropped: number): Prompt => template.render({ system, turns: held.slice(dropped), question });
  const contextLength = await tokens.contextLength();
  const measure = async (dropped: number): Promise<number> => tokens.count(render(dropped));
  const fits = async (dropped: number): Promise<boolean> => (await measure(dropped)) + maxTokens <= contextLength;

  // The least number of dropped turns that fits, by halving: a thread may have hundreds of turns, and a count takes time.
  let low = Math.max(0, held.length - maxTurns);
  const whole = render(low);
  const bound = tokens.atMost?.(whole);
  // Most conversations are short: no count, which may be a question to a server, stands before their first word.
  const left = turns.length - held.length;
  if (bound !== undefined && bound + maxTokens <= contextLength) {
    return { prompt: whole, maxTokens, droppedTurns: left + low };
  }
  let high = held.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (await fits(middle)) high = middle;
    else low = middle + 1;
  }

  const room = contextLength - (await measure(low));
  const least = Math.min(leastAnswer, maxTokens);
  if (room < least) {
    throw new TenkyoError('prompt_too_long', 'The question is too long for the model.', {
      expected: `at most ${contextLength - least} tokens, the template's included`,
      found: `${contextLength - room} tokens`,
      remedy: 'Ask with fewer words.',
    });
  }
  return { prompt: render(low), maxTokens: Math.min(maxTokens, room), droppedTurns: left + low };
};
