import type { ExportKind, ExportRecords } from '../store/export-records.ts';
import type { Answer } from '../store/records.ts';
import type { Pseudonyms } from './pseudonyms.ts';

export type ExportFormat = 'jsonl' | 'sft' | 'dpo';

/** A line for a record, or why the record gives none. */
type Exported = { readonly line: object } | { readonly leftOut: LeftOut };

/** `not_told`: somebody in it was not told of the recording. The others: it is no example in this format. */
export type LeftOut = 'not_told' | 'no_better_answer' | 'same_text' | 'no_preference' | 'continuation';

type Format<Kind extends ExportKind> = (record: ExportRecords[Kind], names: Pseudonyms) => Exported;

interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const said = ({ role, content }: Message, team: string, names: Pseudonyms): Message => ({
  role,
  content: names.text(team, content),
});

const conversation = (
  team: string,
  names: Pseudonyms,
  system: string | undefined,
  turns: readonly { readonly question: string; readonly answer: string }[],
  question: string,
): Message[] => {
  const messages: Message[] = [
    ...(system === undefined ? [] : [{ role: 'system', content: system } as const]),
    ...turns.flatMap(({ question: asked, answer }): Message[] => [
      { role: 'user', content: asked },
      { role: 'assistant', content: answer },
    ]),
    { role: 'user', content: question },
  ];
  return messages.map((message) => said(message, team, names));
};

const reply = (team: string, names: Pseudonyms, content: string): Message[] => [
  said({ role: 'assistant', content }, team, names),
];

const placeLine = ({ team, app, channel, threadTs, user }: Answer, names: Pseudonyms) => ({
  team: names.of('team', '', team),
  app,
  channel: names.of('channel', team, channel),
  thread: names.of('thread', team, `${channel}/${threadTs}`),
  user: names.of('user', team, user),
});

const answerLine: Format<'answers'> = (answer, names) => {
  const { id, team, locale, model, purpose, settings, question, text, status, finish, usage, error } = answer;
  return {
    line: {
      id: names.of('answer', team, id),
      ...placeLine(answer, names),
      locale,
      model,
      purpose: purpose ?? 'chat',
      settings: settings ?? null,
      question: names.text(team, question),
      answer: names.text(team, text),
      status,
      finish,
      error: error?.code ?? null,
      prompt_tokens: usage?.promptTokens ?? null,
      completion_tokens: usage?.completionTokens ?? null,
      seconds: usage?.seconds ?? null,
      created_at: timeOf(answer.createdAt),
      finished_at: timeOf(answer.finishedAt),
    },
  };
};

/** Who said what of which answer, for lines of every format. */
const saidLine = (record: ExportRecords['feedback'], names: Pseudonyms) => ({
  answer_id: names.of('answer', record.team, record.answerId),
  model: record.answer.model,
  user: names.of('user', record.team, record.user),
  locale: record.answer.locale,
  tags: record.tags,
  updated_at: timeOf(record.updatedAt),
});

const feedbackLine: Format<'feedback'> = (record, names) => {
  const { team, verdict, comment, better, answer, createdAt } = record;
  return {
    line: {
      ...saidLine(record, names),
      team: names.of('team', '', team),
      verdict,
      comment: names.text(team, comment),
      question: names.text(team, answer.question),
      answer: names.text(team, answer.text),
      better_answer: better === '' ? null : names.text(team, better),
      created_at: timeOf(createdAt),
    },
  };
};

/** 👎 with a better answer, as an example; `example` says how. */
const fromBetter =
  (example: (record: ExportRecords['feedback'], names: Pseudonyms) => object): Format<'feedback'> =>
  (record, names) => {
    const { team, verdict, better, answer, turns } = record;
    if (verdict !== 'down' || better.trim() === '') return { leftOut: 'no_better_answer' };
    if (better.trim() === answer.text.trim()) return { leftOut: 'same_text' };
    const prompt = conversation(team, names, answer.settings?.system, turns, answer.question);
    return { line: { prompt, ...example(record, names), ...saidLine(record, names) } };
  };

const voteLine: Format<'preferences'> = (record, names) => {
  const { team, comparison, winner, swapped } = record;
  return {
    line: {
      comparison_id: names.of('comparison', team, record.comparisonId),
      team: names.of('team', '', team),
      user: names.of('user', team, record.user),
      locale: comparison.locale,
      mode: comparison.mode,
      question: names.text(team, comparison.question),
      first: { ...comparison.first, answer: names.text(team, record.firstText) },
      second: { ...comparison.second, answer: names.text(team, record.secondText) },
      winner,
      second_was_a: swapped,
      created_at: timeOf(record.createdAt),
      updated_at: timeOf(record.updatedAt),
    },
  };
};

const votePair: Format<'preferences'> = (record, names) => {
  const { team, comparison, winner, firstText, secondText } = record;
  // A text that goes on is no conversation: one file holds one shape.
  if (comparison.mode === 'continuation') return { leftOut: 'continuation' };
  if (winner !== 'first' && winner !== 'second') return { leftOut: 'no_preference' };
  if (firstText.trim() === secondText.trim()) return { leftOut: 'same_text' };
  const [better, worse] = winner === 'first' ? (['first', 'second'] as const) : (['second', 'first'] as const);
  const texts = { first: firstText, second: secondText };
  const system = comparison[better].settings.system;
  // The two were asked with different instructions: neither's instruction is the prompt of both.
  const shared = system === comparison[worse].settings.system ? system : undefined;
  return {
    line: {
      prompt: conversation(team, names, shared, [], comparison.question),
      chosen: reply(team, names, texts[better]),
      rejected: reply(team, names, texts[worse]),
      comparison_id: names.of('comparison', team, record.comparisonId),
      chosen_model: comparison[better].name,
      rejected_model: comparison[worse].name,
      user: names.of('user', team, record.user),
      locale: comparison.locale,
      updated_at: timeOf(record.updatedAt),
    },
  };
};

const flagLine: Format<'flags'> = (record, names) => {
  const { team, query } = record;
  return {
    line: {
      search_id: names.of('search', team, record.searchId),
      team: names.of('team', '', team),
      user: names.of('user', team, record.user),
      rank: record.rank,
      verdict: record.verdict,
      report: record.report === null ? null : names.text(team, record.report),
      corpus: record.corpus,
      document_id: record.documentId,
      passage_id: record.passageId,
      searched_text: names.text(team, query.text),
      question: query.question === null ? null : names.text(team, query.question),
      model: query.model,
      created_at: timeOf(record.createdAt),
      updated_at: timeOf(record.updatedAt),
    },
  };
};

const toldOnly =
  <Kind extends ExportKind>(format: Format<Kind>): Format<Kind> =>
  (record, names) =>
    record.told ? format(record, names) : { leftOut: 'not_told' };

/** The formats that each kind of record has. */
export const formats: { readonly [Kind in ExportKind]: Readonly<Partial<Record<ExportFormat, Format<Kind>>>> } = {
  answers: { jsonl: toldOnly<'answers'>(answerLine) },
  feedback: {
    jsonl: toldOnly<'feedback'>(feedbackLine),
    sft: toldOnly(fromBetter(({ team, better }, names) => ({ completion: reply(team, names, better) }))),
    dpo: toldOnly(
      fromBetter(({ team, better, answer }, names) => ({
        chosen: reply(team, names, better),
        rejected: reply(team, names, answer.text),
      })),
    ),
  },
  preferences: { jsonl: toldOnly<'preferences'>(voteLine), dpo: toldOnly<'preferences'>(votePair) },
  flags: { jsonl: toldOnly<'flags'>(flagLine) },
};
