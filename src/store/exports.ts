import { type Kysely, sql } from 'kysely';
import { toAnswer } from './answers.ts';
import { toComparison } from './comparisons.ts';
import type { EarlierTurn, ExportKind, ExportRecords, ExportsRepository } from './export-records.ts';
import type { Answer } from './records.ts';
import type { Schema } from './schema.ts';

const pageSize = 200;

/** Whether this person of this workspace has been shown the notice. */
const toldOf = (team: string, user: string) =>
  sql<boolean>`exists (select 1 from tenkyo.consents where team = ${sql.ref(team)} and user_id = ${sql.ref(user)})`;

type Page<Kind extends ExportKind> = readonly { readonly seq: number; readonly record: ExportRecords[Kind] }[];

/** Asks for page after page of what is after the last one seen. */
async function* paged<Kind extends ExportKind>(
  pageAfter: (seq: number) => Promise<Page<Kind>>,
): AsyncGenerator<ExportRecords[Kind]> {
  let seq = 0;
  for (;;) {
    const page = await pageAfter(seq);
    for (const { record } of page) yield record;
    const last = page.at(-1);
    if (last === undefined) return;
    seq = last.seq;
  }
}

export const createExports = (db: Kysely<Schema>): ExportsRepository => {
  /** The turns that the model could be shown before this question: done, and no other try of it. */
  const turnsBefore = async ({ id, team, app, channel, threadTs, questionTs }: Answer): Promise<EarlierTurn[]> =>
    db
      .selectFrom('answers')
      .select(['question', 'text as answer'])
      .where('team', '=', team)
      .where('channel', '=', channel)
      .where('thread_ts', '=', threadTs)
      .where('app', '=', app)
      .where('status', '=', 'done')
      .where('question_ts', '!=', questionTs)
      .where('seq', '<', (own) => own.selectFrom('answers').select('seq').where('id', '=', id))
      .orderBy('seq')
      .execute();

  const answers = async (seq: number): Promise<Page<'answers'>> => {
    const rows = await db
      .selectFrom('answers')
      .selectAll()
      // What no person asked needs nobody's knowledge.
      .select(sql<boolean>`purpose = 'eval' or ${toldOf('answers.team', 'answers.user_id')}`.as('told'))
      .where('seq', '>', seq)
      .where('finished_at', 'is not', null)
      .orderBy('seq')
      .limit(pageSize)
      .execute();
    return rows.map((row) => ({ seq: Number(row.seq), record: { ...toAnswer(row), told: row.told } }));
  };

  const feedback = async (after: number): Promise<Page<'feedback'>> => {
    const rows = await db
      .selectFrom('feedback')
      .innerJoin('answers', 'answers.id', 'feedback.answer_id')
      .selectAll('answers')
      .select(['feedback.seq as said_seq', 'feedback.user_id as said_by', 'verdict', 'tags', 'comment', 'better'])
      .select(['feedback.created_at as said_at', 'feedback.updated_at as changed_at'])
      .select(
        sql<boolean>`${toldOf('feedback.team', 'feedback.user_id')}
          and (purpose = 'eval' or ${toldOf('answers.team', 'answers.user_id')})`.as('told'),
      )
      .where('feedback.seq', '>', after)
      .orderBy('feedback.seq')
      .limit(pageSize)
      .execute();
    return Promise.all(
      rows.map(async (row) => {
        const answer = toAnswer(row);
        const { said_by: user, said_at, changed_at, told, verdict, tags, comment, better } = row;
        const record: ExportRecords['feedback'] = {
          team: answer.team,
          answerId: answer.id,
          user,
          verdict,
          tags,
          comment,
          better,
          told,
          createdAt: Number(said_at),
          updatedAt: Number(changed_at),
          answer,
          turns: await turnsBefore(answer),
        };
        return { seq: Number(row.said_seq), record };
      }),
    );
  };

  const preferences = async (after: number): Promise<Page<'preferences'>> => {
    const rows = await db
      .selectFrom('votes')
      .innerJoin('comparisons', 'comparisons.id', 'votes.comparison_id')
      .innerJoin('answers as one', 'one.id', 'comparisons.first_answer')
      .innerJoin('answers as two', 'two.id', 'comparisons.second_answer')
      .selectAll('comparisons')
      .select(['votes.seq as said_seq', 'votes.user_id as said_by', 'winner', 'swapped'])
      .select(['votes.created_at as said_at', 'votes.updated_at as changed_at'])
      .select(['one.text as first_text', 'two.text as second_text'])
      .select(
        sql<boolean>`${toldOf('votes.team', 'votes.user_id')}
          and (one.purpose = 'eval' or ${toldOf('comparisons.team', 'comparisons.user_id')})`.as('told'),
      )
      .where('votes.seq', '>', after)
      .orderBy('votes.seq')
      .limit(pageSize)
      .execute();
    return rows.map((row) => {
      const comparison = toComparison(row);
      const { said_by: user, said_at, changed_at, told, winner, swapped, first_text, second_text } = row;
      const record: ExportRecords['preferences'] = {
        team: comparison.team,
        comparisonId: comparison.id,
        user,
        winner,
        swapped,
        told,
        createdAt: Number(said_at),
        updatedAt: Number(changed_at),
        comparison,
        firstText: first_text,
        secondText: second_text,
      };
      return { seq: Number(row.said_seq), record };
    });
  };

  const flags = async (after: number): Promise<Page<'flags'>> => {
    const rows = await db
      .selectFrom('flags')
      .innerJoin('searches', 'searches.id', 'flags.search_id')
      .selectAll('flags')
      .select('searches.query')
      .select(
        sql<boolean>`${toldOf('flags.team', 'flags.user_id')}
          and ${toldOf('searches.team', 'searches.user_id')}`.as('told'),
      )
      .where('flags.seq', '>', after)
      .orderBy('flags.seq')
      .limit(pageSize)
      .execute();
    return rows.map(({ seq, team, user_id: user, rank, verdict, report, corpus, told, query, ...row }) => ({
      seq: Number(seq),
      record: {
        team,
        searchId: row.search_id,
        rank,
        user,
        verdict,
        report,
        corpus,
        documentId: row.document_id,
        passageId: row.passage_id,
        told,
        createdAt: Number(row.created_at),
        updatedAt: Number(row.updated_at),
        query,
      },
    }));
  };

  const pages: { readonly [Kind in ExportKind]: (seq: number) => Promise<Page<Kind>> } = {
    answers,
    feedback,
    preferences,
    flags,
  };
  return { read: (kind) => paged(pages[kind]) };
};
