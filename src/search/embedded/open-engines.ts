import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { createBreath } from '../breathe.ts';
import type { KeywordIndex, SpanIndex, VectorIndex } from '../ports.ts';
import { damagedIndex, explainDatabaseError } from './database-errors.ts';
import { createKeywordIndex } from './keyword.ts';
import { openWhole } from './open-whole.ts';
import { loadPassageRows } from './passage-rows.ts';
import { databaseName } from './schema.ts';
import { type OpenSpanFile, openSpanFile, spanFileName } from './span-file.ts';
import { createSpanIndex } from './spans.ts';
import { createVectorIndex } from './vectors.ts';

/** What finds passages in one build. */
export interface Engines {
  readonly keyword: KeywordIndex;
  readonly vector: VectorIndex | null;
  readonly spans: SpanIndex;
  close(): Promise<void>;
}

export interface OpenEnginesOptions {
  /** The build's. */
  readonly folder: string;
  readonly corpus: string;
  readonly passages: number;
  /** Left out: there are suffix arrays; false: they are still being made, and no stretches are found. */
  readonly spans?: boolean;
  /** false: vectors are looked up elsewhere, and take no memory here. */
  readonly vectors: boolean;
}

const noSpans: SpanIndex = {
  maximal: async () => [],
  occurrences: async () => ({ count: 0, documentCount: 0, places: [] }),
};

/** Opens the engines of a build in this thread. */
export const openEngines = async (
  { folder, corpus, passages: count, spans = true, vectors }: OpenEnginesOptions,
  clock: Pick<Clock, 'now'>,
): Promise<Engines> => {
  const where = join(folder, databaseName);
  const guard = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      throw explainDatabaseError(error, where, corpus);
    }
  };
  const openSpans = (): OpenSpanFile => {
    const path = join(folder, spanFileName);
    try {
      return openSpanFile(path);
    } catch (cause) {
      const found = cause instanceof Error ? cause.message : String(cause);
      throw damagedIndex(corpus, { where: path, expected: 'suffix arrays', found, cause });
    }
  };
  const database = guard(() => openWhole(where));
  let file: OpenSpanFile | null = null;
  try {
    file = spans ? openSpans() : null;
    const opened = file;
    const passages = await loadPassageRows(database, count, createBreath({ clock }));
    const selectText = guard(() => database.prepare('select text from documents where row = ?'));
    const textOf = (row: number): string => (guard(() => selectText.get(row)) as { text: string }).text;
    const selectLang = guard(() => database.prepare('select lang from documents where row = ?'));
    const langOf = (row: number): string | null => (guard(() => selectLang.get(row)) as { lang: string | null }).lang;
    return {
      keyword: guard(() => createKeywordIndex({ database, passages, clock, guard })),
      vector: vectors ? await createVectorIndex({ database, passages, clock }) : null,
      spans: opened ? createSpanIndex({ file: opened, textOf, langOf, clock }) : noSpans,
      close: async () => {
        opened?.close();
        database.close();
      },
    };
  } catch (error) {
    file?.close();
    database.close();
    throw explainDatabaseError(error, where, corpus);
  }
};
