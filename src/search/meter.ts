import type { EngineReport } from './result.ts';

/** Told of what each engine of a search did. */
export interface SearchMeter {
  searched(engine: EngineReport): void;
}
