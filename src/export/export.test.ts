import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ExportKind, ExportRecords, ExportsRepository } from '../store/export-records.ts';
import type { Answer } from '../store/records.ts';
import { exportLines, formatOf } from './export-lines.ts';
import type { ExportFormat, LeftOut } from './formats.ts';
import { jsonLine } from './json-line.ts';
import { createPseudonyms, plainIds } from './pseudonyms.ts';

const answer: Answer = {
  id: 'a1',
  team: 'T1',
  app: 'model-a',
  channel: 'C1',
  threadTs: '1.1',
  model: 'demo',
  user: 'U1',
  locale: 'ja',
  questionTs: '1.1',
  question: '地震は？',
  status: 'done',
  attempt: 1,
  text: 'ナマズです。',
  finish: 'stop',
  usage: { promptTokens: 9, completionTokens: 4, seconds: 0.5 },
  error: null,
  createdAt: 0,
  finishedAt: 1_000,
  settings: null,
  purpose: 'chat',
};
const times = { createdAt: 0, updatedAt: 2_000, told: true };
const feedback: ExportRecords['feedback'] = {
  team: 'T1',
  answerId: 'a1',
  user: 'U2',
  verdict: 'down',
  tags: ['wrong_fact'],
  comment: 'ask <@U3>',
  better: '岩盤です。',
  ...times,
  answer,
  turns: [{ question: 'やあ', answer: 'はい。' }],
};
const vote: ExportRecords['preferences'] = {
  team: 'T1',
  comparisonId: 'c1',
  user: 'U2',
  winner: 'second',
  swapped: true,
  ...times,
  comparison: {
    id: 'c1',
    team: 'T1',
    app: 'model-a',
    channel: 'C1',
    threadTs: '1.1',
    user: 'U1',
    locale: 'ja',
    mode: 'chat',
    question: '地震は？',
    first: { name: 'one', model: 'demo', settings: {} },
    second: { name: 'two', model: 'demo', settings: { temperature: 1 } },
    firstAnswer: 'a2',
    secondAnswer: 'a3',
    createdAt: 0,
  },
  firstText: 'ナマズです。',
  secondText: '岩盤です。',
};
const flag: ExportRecords['flags'] = {
  team: 'T1',
  searchId: 's1',
  rank: 2,
  user: 'U2',
  verdict: 'bad',
  report: null,
  corpus: 'demo',
  documentId: 'd',
  passageId: 'd#1',
  ...times,
  query: { text: 'ナマズ', question: null, model: 'demo' },
};

const sourceOf = (records: { readonly [Kind in ExportKind]?: readonly ExportRecords[Kind][] }): ExportsRepository => ({
  read: async function* (kind) {
    yield* records[kind] ?? [];
  },
});

const exported = async <Kind extends ExportKind>(
  kind: Kind,
  format: ExportFormat,
  records: readonly ExportRecords[Kind][],
  names = plainIds,
) => {
  const leftOut: LeftOut[] = [];
  const lines: string[] = [];
  const source = sourceOf({ [kind]: records });
  for await (const line of exportLines({ source, kind, format, names, onLeftOut: (why) => leftOut.push(why) })) {
    lines.push(line);
  }
  return { lines, leftOut, objects: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
};

const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });

it('makes pairs for tuning of better answers, with the turns before', async () => {
  const prompt = [user('やあ'), assistant('はい。'), user('地震は？')];
  const [sft] = (await exported('feedback', 'sft', [feedback])).objects;
  expect(sft).toMatchObject({ prompt, completion: [assistant('岩盤です。')], model: 'demo', tags: ['wrong_fact'] });
  const told = { ...feedback, answer: { ...answer, settings: { system: '短く' } }, turns: [] };
  const [dpo] = (await exported('feedback', 'dpo', [told])).objects;
  expect(dpo).toMatchObject({
    prompt: [{ role: 'system', content: '短く' }, user('地震は？')],
    chosen: [assistant('岩盤です。')],
    rejected: [assistant('ナマズです。')],
  });
});

it('leaves out what is no example, and says why', async () => {
  const others: ExportRecords['feedback'][] = [
    { ...feedback, better: ' ' },
    { ...feedback, verdict: 'up' },
    { ...feedback, better: 'ナマズです。 ' },
    { ...feedback, told: false },
  ];
  for (const format of ['sft', 'dpo'] as const) {
    const { lines, leftOut } = await exported('feedback', format, others);
    expect(lines).toEqual([]);
    expect(leftOut).toEqual(['no_better_answer', 'no_better_answer', 'same_text', 'not_told']);
  }
  expect((await exported('feedback', 'jsonl', others)).lines).toHaveLength(3);
});

it('makes pairs of votes, whichever side won', async () => {
  const { objects, leftOut } = await exported('preferences', 'dpo', [
    vote,
    { ...vote, winner: 'first' },
    { ...vote, winner: 'tie' },
    { ...vote, winner: 'both_bad' },
    { ...vote, comparison: { ...vote.comparison, mode: 'continuation' } },
  ]);
  expect(objects).toMatchObject([
    { chosen: [assistant('岩盤です。')], rejected: [assistant('ナマズです。')], chosen_model: 'two' },
    { chosen: [assistant('ナマズです。')], rejected: [assistant('岩盤です。')], chosen_model: 'one' },
  ]);
  expect(leftOut).toEqual(['no_preference', 'no_preference', 'continuation']);
  expect((await exported('preferences', 'jsonl', [vote])).objects[0]).toMatchObject({
    winner: 'second',
    second_was_a: true,
    first: { name: 'one', answer: 'ナマズです。' },
  });
});

it('refuses a format that the records do not have', () =>
  expect(() => formatOf('flags', 'dpo')).toThrow('flags cannot be exported as dpo'));

it('names people by pseudonyms: the same for the same person and key, and no id is left', async () => {
  const records = { answers: [{ ...answer, ...times }], feedback: [feedback], preferences: [vote], flags: [flag] };
  const all = async (key: string): Promise<string> => {
    const names = createPseudonyms(key);
    const parts = await Promise.all([
      exported('answers', 'jsonl', records.answers, names),
      ...(['jsonl', 'sft', 'dpo'] as const).map((format) => exported('feedback', format, records.feedback, names)),
      exported('preferences', 'jsonl', records.preferences, names),
      exported('preferences', 'dpo', records.preferences, names),
      exported('flags', 'jsonl', records.flags, names),
    ]);
    return parts.flatMap(({ lines }) => lines).join('');
  };
  const text = await all('key one');
  expect(text.split('\n')).toHaveLength(8);
  expect(text).not.toMatch(/"(T1|C1|U[123]|a[123]|c1|s1|1\.1)"|<@U3>/);
  expect(text).toMatch(/ask <@user_[0-9a-f]{24}>/);
  expect(await all('key one')).toBe(text);
  expect(await all('key two')).not.toBe(text);
  const names = createPseudonyms('key one');
  expect(names.of('user', 'T1', 'U1')).not.toBe(names.of('user', 'T2', 'U1'));
  expect(names.of('user', 'T1', 'U1')).not.toBe(names.of('channel', 'T1', 'U1'));
});

const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '\n',
      '\r',
      '\u0000',
      '\u0085',
      '\u2028',
      '\u2029',
      '\ud800',
      '\udc00',
      '"',
      '\\',
      '<@U1>',
      '語',
    ),
  }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
);

it('is one line and the same JSON whatever people wrote', () =>
  fc.assert(
    fc.property(fc.array(nasty), (texts) => {
      const line = jsonLine({ texts });
      expect(line.split(/[\n\r\u0085\u2028\u2029]/)).toEqual([line.slice(0, -1), '']);
      expect(Buffer.from(line).toString()).toBe(line);
      expect(JSON.parse(line)).toEqual({ texts: texts.map((text) => text.toWellFormed()) });
    }),
    { numRuns: 2_000 },
  ));

it('keeps hostile words in every format to one well-formed line a record', () =>
  fc.assert(
    fc.asyncProperty(nasty, nasty, nasty, async (question, text, better) => {
      const record = { ...feedback, comment: better, better, answer: { ...answer, question, text } };
      for (const format of ['jsonl', 'sft', 'dpo'] as const) {
        const { lines, leftOut, objects } = await exported('feedback', format, [record], createPseudonyms('k'));
        expect(lines.length + leftOut.length).toBe(1);
        for (const line of lines) expect(line.split(/[\n\r\u0085\u2028\u2029]/)).toHaveLength(2);
        for (const object of objects) expect(object).toHaveProperty('model', 'demo');
      }
    }),
    { numRuns: 500 },
  ));
