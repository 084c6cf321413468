import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultFields } from '../../src/corpus/fields.ts';
import type { RecordPart } from '../../src/corpus/part.ts';
import { createRecordReader } from './record-reader.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-tuning-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (
  format: RecordPart['format'],
  records: readonly unknown[],
  fields: Partial<RecordPart['fields']> = {},
) => {
  const path = join(folder, 'x.jsonl');
  await writeFile(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const reader = createRecordReader({ format, fields: { ...defaultFields, ...fields } });
  const file = { path, source: 's', label: 'x.jsonl', beside: [], firstSequence: 100 };
  expect(await reader.count(file, {})).toBe(records.length);
  const found = await Array.fromAsync(reader.read(file, {}));
  return found.map((item) => {
    if (item.kind === 'reject') return item.reject.reason;
    const { id, sequence, title, text, meta } = item.document;
    return { id, sequence, title, text, meta };
  });
};

describe('sources of tuning', () => {
  it('makes one text of an instruction and its answer', async () => {
    expect(
      await read('sft', [
        { id: 'a', instruction: '地震の原因は？', response: '断層です。', documents: ['d1'] },
        { instruction: 'Sum up.\nIn a line.', input: 'A long text.', output: 'Short.' },
        { prompt: 'p', answer: 'a', input: '' },
      ]),
    ).toEqual([
      {
        id: 'a',
        sequence: 100,
        title: '地震の原因は？',
        text: '地震の原因は？\n\n断層です。',
        meta: { documents: ['d1'] },
      },
      {
        id: 's/x.jsonl#2',
        sequence: 101,
        title: 'Sum up.',
        text: 'Sum up.\nIn a line.\n\nA long text.\n\nShort.',
        meta: {},
      },
      { id: 's/x.jsonl#3', sequence: 102, title: 'p', text: 'p\n\na', meta: {} },
    ]);
  });

  it('makes one text of a chat', async () => {
    const messages = [
      { role: 'system', content: 'You help.' },
      { role: 'user', content: [{ type: 'text', text: 'Why?' }, { type: 'image_url' }] },
      { role: 'assistant', content: null, tool_calls: [] },
      { role: 'assistant', content: 'Because.' },
    ];
    const conversations = [
      { from: 'human', value: 'Hi' },
      { from: 'gpt', value: 'Hello' },
    ];
    expect(await read('sft', [{ messages }, { conversations }])).toMatchObject([
      { title: 'Why?', text: 'You help.\n\nWhy?\n\nBecause.', meta: { turns: 3 } },
      { title: 'Hi', text: 'Hi\n\nHello' },
    ]);
  });

  it('makes one text of what was asked and the better answer, and keeps the worse one apart', async () => {
    const chat = (answer: string) => [
      { role: 'user', content: 'Q' },
      { role: 'assistant', content: answer },
    ];
    expect(
      await read('preference', [
        { prompt: 'Q', chosen: 'good', rejected: 'bad' },
        { chosen: chat('good'), rejected: chat('bad') },
        { prompt: chat('x').slice(0, 1), chosen: chat('good').slice(1), rejected: 'bad' },
      ]),
    ).toMatchObject(Array(3).fill({ title: 'Q', text: 'Q\n\ngood', meta: { rejected: 'bad' } }));
  });

  it('names what is none', async () => {
    expect(
      await read('sft', [
        { instruction: 'x' },
        { response: 'x' },
        { instruction: 1, response: 'x' },
        { instruction: 'x', input: 3, response: 'x' },
        { messages: 'x' },
        { messages: [{ role: 'user', content: 'x' }] },
        { messages: ['x'] },
        'x',
      ]),
    ).toEqual([
      '"response": expected a string, found nothing',
      '"instruction": expected a string, found nothing',
      '"instruction": expected a string, found a number',
      '"input": expected a string, found a number',
      '"messages": expected a list of messages, found a string',
      '"messages": no message of an assistant with a text',
      '"messages", message 1: expected an object with "role" and "content"',
      'expected an object, found a string',
    ]);
    expect(
      await read('preference', [
        { prompt: 'Q', chosen: 'x' },
        { chosen: 'x', rejected: 'y' },
        { prompt: 'Q', chosen: [], rejected: 'y' },
      ]),
    ).toEqual([
      '"rejected": expected a string, found nothing',
      '"instruction": expected a string, found nothing',
      '"chosen": the last message is not an assistant\'s text',
    ]);
  });

  it('finds fields where the declaration says', async () => {
    const record = { q: { text: 'Q' }, a: ['x'], 'meta.about': 'T', completion: 'A' };
    const fields = { instruction: ['q.text'], response: ['a', 'completion'], title: ['meta.about'] };
    expect(await read('sft', [{ ...record, a: undefined }], fields)).toMatchObject([{ text: 'Q\n\nA', title: 'T' }]);
    expect(
      await read('jsonl', [{ content: 'code', path: 'a.c' }], { text: ['content'], title: ['path'] }),
    ).toMatchObject([{ text: 'code', title: 'a.c', meta: { path: 'a.c' } }]);
  });
});
