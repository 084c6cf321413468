import type { EngineName, EngineReport } from './result.ts';

/** Told of what each engine of a search did, and its reranker. */
export interface SearchMeter {
  searched(engine: EngineReport<EngineName | 'reranker'>): void;
}
