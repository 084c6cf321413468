import type { Clock } from '../clock.ts';
import { TenkyoError } from '../errors.ts';
import type { GenerationPart } from './generator.ts';
import { createWritingGuard, type WritingLimits } from './writing-guard.ts';

/** Tokens so far; a number that is not known yet is left as it was. */
export interface TokensSoFar {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** A part as an engine gives it. */
export type WrittenPart = TokensSoFar &
  (
    | { readonly type: 'text' | 'reasoning'; readonly text: string }
    | { readonly type: 'end'; readonly finish: 'stop' | 'length' }
  );

export interface LimitedWriting {
  /** Starts the engine. It must stop when the signal aborts, and when the loop over it is left. */
  readonly write: (signal: AbortSignal) => AsyncIterable<WrittenPart>;
  readonly limits: WritingLimits;
  /** Who asked wants no more. */
  readonly signal: AbortSignal;
  /** The generator is being closed. */
  readonly closing: AbortSignal;
  readonly clock: Clock;
}

/**
 * The parts of an answer within its limits, whatever engine writes it: cut where it repeats itself, where it is too long,
 * and when its time is up (an error where nothing had been written by then).
 */
export async function* writeWithin({
  write,
  limits,
  signal,
  closing,
  clock,
}: LimitedWriting): AsyncGenerator<GenerationPart> {
  const started = clock.now();
  // A model that thinks in circles is cut too; what it thinks and what it answers are no one text.
  const guards = { text: createWritingGuard(limits), reasoning: createWritingGuard(limits) };
  const late = new AbortController();
  const done = new AbortController();
  clock.sleep(limits.maxSeconds * 1000, done.signal).then(
    () => late.abort(),
    () => undefined,
  );

  const stop = AbortSignal.any([signal, late.signal, closing]);
  let tokens: TokensSoFar = { promptTokens: 0, completionTokens: 0 };
  const end = (finish: 'stop' | 'length' | 'loop'): GenerationPart => ({
    type: 'end',
    finish,
    usage: { ...tokens, seconds: (clock.now() - started) / 1000 },
  });
  try {
    for await (const part of write(stop)) {
      // What an engine had ready when it was stopped is not wanted any more.
      stop.throwIfAborted();
      tokens = { promptTokens: part.promptTokens, completionTokens: part.completionTokens };
      if (part.type === 'end') {
        yield end(part.finish);
        return;
      }
      const { text, cut } = guards[part.type].admit(part.text);
      if (text) yield { type: part.type, text };
      if (cut) {
        yield end(cut);
        return;
      }
    }
    // An engine that ends quietly when it is stopped would make a stopped answer look complete.
    stop.throwIfAborted();
    throw new TenkyoError('model_failed', 'The model stopped in the middle of its answer.');
  } catch (error) {
    if (!late.signal.aborted || signal.aborted) throw error;
    if (tokens.completionTokens === 0) throw tooSlow(limits.maxSeconds);
    yield end('length');
  } finally {
    done.abort();
  }
}

const tooSlow = (seconds: number): TenkyoError =>
  new TenkyoError('model_late', 'The model wrote nothing in the time it has.', {
    expected: `a first token within ${seconds} s`,
    remedy: 'Try again when the machine is less busy.',
  });
