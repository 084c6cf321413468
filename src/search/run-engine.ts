import type { Clock } from '../clock.ts';
import { asTenkyoError, TenkyoError } from '../errors.ts';
import type { EngineName, EngineReport } from './result.ts';

/** What an engine gave, or null, and what is said of it. */
export interface EngineRun<T, Name extends string = EngineName> {
  readonly value: T | null;
  readonly report: EngineReport<Name>;
  /** Why it failed; for the log. */
  readonly error: TenkyoError | null;
}

export interface EngineTask<T, Name extends string = EngineName> {
  readonly engine: Name;
  /** Why the engine is not asked; null: it is. */
  readonly off: string | null;
  readonly ask: (signal: AbortSignal) => Promise<T>;
  readonly hits: (value: T) => number;
}

/** What holds for every engine of one search. */
export interface EngineLimits {
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Asks an engine within its deadline. Whatever becomes of it (late, failed) is a report, never an error: the others
 * still answer. Only the caller's own abort is thrown.
 */
export const runEngine = async <T, Name extends string = EngineName>(
  { engine, off, ask, hits }: EngineTask<T, Name>,
  { clock, deadlineMs, signal }: EngineLimits,
): Promise<EngineRun<T, Name>> => {
  const report = (
    status: EngineReport['status'],
    facts: { tookMs: number; hits?: number; reason?: string },
  ): EngineReport<Name> => ({
    engine,
    status,
    hits: 0,
    ...facts,
  });
  if (off !== null) return { value: null, report: report('off', { tookMs: 0, reason: off }), error: null };

  const began = clock.now();
  const tookMs = (): number => clock.now() - began;
  const stop = new AbortController();
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  let late: TenkyoError | null = null;
  const deadline = clock.sleep(deadlineMs, both).then(() => {
    late = new TenkyoError('engine_late', `the engine "${engine}" did not answer in time`, {
      expected: `${deadlineMs} ms`,
    });
    throw late;
  });
  try {
    const value = await Promise.race([ask(both), deadline]);
    signal?.throwIfAborted();
    return { value, report: report('ok', { tookMs: tookMs(), hits: hits(value) }), error: null };
  } catch (thrown) {
    signal?.throwIfAborted();
    const error = asTenkyoError(thrown);
    if (error === late) return { value: null, report: report('late', { tookMs: tookMs() }), error };
    return { value: null, report: report('failed', { tookMs: tookMs(), reason: error.code }), error };
  } finally {
    deadline.catch(() => undefined);
    // An error of its own for each engine that answered in time would cost a stack trace.
    stop.abort(late ?? 'answered');
  }
};
