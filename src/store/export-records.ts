import type { Comparison, Feedback, Flag, Vote } from './feedback-records.ts';
import type { Answer, SearchQuery } from './records.ts';

/** What every exported record says beside itself. Times are milliseconds since the epoch. */
interface Exported {
  /** Whether everybody whose words are in it has been told that they are recorded. */
  readonly told: boolean;
}

interface Said extends Exported {
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A question and its answer before the one that is meant, as the model was shown them. */
export interface EarlierTurn {
  readonly question: string;
  readonly answer: string;
}

export interface ExportRecords {
  /** Answers that have ended, however they did. */
  readonly answers: Answer & Exported;
  readonly feedback: Feedback & Said & { readonly answer: Answer; readonly turns: readonly EarlierTurn[] };
  /** Votes on two answers whose names were hidden. */
  readonly preferences: Vote &
    Said & { readonly comparison: Comparison; readonly firstText: string; readonly secondText: string };
  readonly flags: Flag & Said & { readonly query: SearchQuery };
}

export type ExportKind = keyof ExportRecords;

export const exportKinds: readonly ExportKind[] = ['answers', 'feedback', 'preferences', 'flags'];

export interface ExportsRepository {
  /** Every record of a kind, of all workspaces, oldest first; read page by page, however many there are. */
  read<Kind extends ExportKind>(kind: Kind): AsyncIterable<ExportRecords[Kind]>;
}
