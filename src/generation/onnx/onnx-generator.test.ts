import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { env, pipeline } from '@huggingface/transformers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Clock } from '../../clock.ts';
import { createOnnxHost, type OnnxHost } from '../../onnx/host.ts';
import type { GenerationPart, GenerationRequest, Generator } from '../generator.ts';
import { promptTemplates } from '../templates.ts';
import { createOnnxGenerator, type OnnxGenerator } from './onnx-generator.ts';

const models = fileURLToPath(new URL('../../../demo/models/', import.meta.url));
const catfish = {
  prompt: promptTemplates['llm-jp-v2'].render({
    system: null,
    turns: [],
    question: '地震の原因はナマズが動くことですか？',
  }),
  answer: 'いいえ。地震は地下の岩盤がずれて起こります。地面の下の大ナマズは昔の人の言い伝えです。',
};
const earthquake = {
  prompt: promptTemplates.none.render({ system: null, turns: [], question: '地震は、' }),
  start: '地下の岩盤が急にずれて、その振動が地面に伝わる現象である。',
};

interface Told {
  readonly facts: object;
  readonly message: string;
}
let told: Told[] = [];
let host: OnnxHost;
let finetuned: OnnxGenerator;
let base: OnnxGenerator;
let early: OnnxGenerator;

beforeAll(async () => {
  const tell = (facts: object, message: string): void => void told.push({ facts, message });
  host = createOnnxHost({ log: { debug: tell, warn: tell } });
  const open = (name: string): Promise<OnnxGenerator> => createOnnxGenerator({ host, path: join(models, name) });
  [finetuned, base, early] = [await open('demo-3m-finetuned'), await open('demo-3m-base'), await open('demo-3m-early')];
});
afterAll(() => host.close());

const request = (prompt: string, settings: Partial<GenerationRequest> = {}): GenerationRequest => ({
  prompt,
  maxTokens: 96,
  temperature: 0,
  topP: 1,
  signal: new AbortController().signal,
  ...settings,
});

const write = async (
  generator: Generator,
  prompt: string,
  settings: Partial<GenerationRequest> = {},
): Promise<{ pieces: string[]; text: string; end: Extract<GenerationPart, { type: 'end' }> }> => {
  const parts = await Array.fromAsync(generator.generate(request(prompt, settings)));
  const end = parts.at(-1);
  if (end?.type !== 'end') throw new Error('the stream ended without its end');
  const pieces = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  return { pieces, text: pieces.join(''), end };
};

test('the question about the catfish gets its answer, word for word, in pieces of whole characters', async () => {
  const { pieces, text, end } = await write(finetuned, catfish.prompt);
  expect(text).toBe(catfish.answer);
  expect(pieces.length).toBeGreaterThan(15);
  expect(pieces.every((piece) => piece !== '' && !piece.includes('\uFFFD'))).toBe(true);
  expect(end).toMatchObject({ finish: 'stop', usage: { promptTokens: 43, completionTokens: 28 } });
  expect(end.usage.seconds).toBeGreaterThan(0);
});

test('it counts tokens as the model does, special ones too', async () => {
  expect(await finetuned.contextLength()).toBe(512);
  expect(await finetuned.count(catfish.prompt)).toBe(43);
  expect(await finetuned.count('</s>')).toBe(1);
  expect(await finetuned.count('')).toBe(0);
});

test('a model without instruction tuning continues a document it has read', async () => {
  const { text, end } = await write(base, earthquake.prompt, { maxTokens: 400 });
  expect(text.startsWith(earthquake.start)).toBe(true);
  expect(end.finish).toBe('stop');
});

test('the same seed gives the same text, another seed another', async () => {
  const sampled = { temperature: 1.5, maxTokens: 40 };
  const texts = await Promise.all([1, 1, 2].map((seed) => write(base, earthquake.prompt, { ...sampled, seed })));
  expect(texts[1]!.text).toBe(texts[0]!.text);
  expect(texts[2]!.text).not.toBe(texts[0]!.text);
});

test('it stops at the token limit', async () => {
  const { text, end } = await write(finetuned, catfish.prompt, { maxTokens: 5 });
  expect(end).toMatchObject({ finish: 'length', usage: { completionTokens: 5 } });
  expect(catfish.answer.startsWith(text)).toBe(true);
});

test('prompt and answer together stay within the context', async () => {
  const prompt = `</s>${'地震は、'.repeat(140)}`;
  const promptTokens = await base.count(prompt);
  expect(promptTokens).toBeGreaterThan(400);
  const { end } = await write(base, prompt, { maxTokens: 500, temperature: 2, seed: 4 });
  expect(end.usage.promptTokens).toBe(promptTokens);
  expect(promptTokens + end.usage.completionTokens).toBeLessThanOrEqual(512);
});

test('a prompt that fills the context is refused with both counts', async () => {
  const prompt = 'あ、'.repeat(600);
  const tokens = await base.count(prompt);
  await expect(write(base, prompt)).rejects.toMatchObject({
    code: 'prompt_too_long',
    expected: 'fewer than 512 tokens',
    found: `${tokens} tokens`,
  });
});

test("it writes what the library's own greedy generation writes, long prompts too", async () => {
  env.allowRemoteModels = false;
  const reference = await pipeline('text-generation', join(models, 'demo-3m-finetuned'), { dtype: 'q8' });
  const turn = { question: '地震とは何ですか？', answer: earthquake.start };
  const llmJp = promptTemplates['llm-jp-v2'];
  const prompts = [0, 1, 4].map((earlier) =>
    llmJp.render({ system: null, turns: Array(earlier).fill(turn), question: '光合成とは何ですか？' }),
  );
  expect(await finetuned.count(prompts[2]!)).toBeGreaterThan(128);
  for (const prompt of prompts) {
    const settings = { max_new_tokens: 48, do_sample: false, return_full_text: false };
    const [written] = (await reference(prompt, settings)) as { generated_text: string }[];
    expect((await write(finetuned, prompt, { maxTokens: 48 })).text).toBe(written!.generated_text);
  }
  await reference.dispose();
});

/** A text without an end: it would fill the whole context. */
const endless = '</s>1, 2, 3, 4,';

/** Lets the thread answer until it has said that it stopped. */
const untilTold = async (): Promise<Told> => {
  for (let round = 0; round < 1000 && told.length === 0; round += 1) await base.count('');
  return told[0]!;
};

test('an abort ends the stream with its reason, and the model stops within a few tokens', async () => {
  told = [];
  const controller = new AbortController();
  const reason = new Error('enough');
  let pieces = 0;
  const reading = (async () => {
    for await (const part of early.generate(request(endless, { maxTokens: 490, signal: controller.signal }))) {
      if (part.type === 'text') pieces += 1;
      if (pieces === 10) controller.abort(reason);
    }
  })();
  await expect(reading).rejects.toBe(reason);
  expect(pieces).toBe(10);
  expect(await untilTold()).toEqual({
    facts: { completionTokens: expect.any(Number) },
    message: 'a generation was stopped',
  });
  // A handful on an idle machine; on a busy one the thread may be ahead of the reader.
  const { completionTokens } = told[0]!.facts as { completionTokens: number };
  expect(completionTokens).toBeLessThan(250);
});

test('leaving the loop stops the model', async () => {
  told = [];
  for await (const part of early.generate(request(endless, { maxTokens: 490 }))) {
    expect(part.type).toBe('text');
    break;
  }
  expect((await untilTold()).message).toBe('a generation was stopped');
});

test('a signal that was aborted before starts nothing', async () => {
  const reason = new Error('too late');
  await expect(write(base, earthquake.prompt, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('an endless loop is cut and said', async () => {
  const { text, end } = await write(early, '</s>です。です。', { maxTokens: 500 });
  expect(end.finish).toBe('loop');
  expect(text.endsWith('石、石、石、石') || text.endsWith('、石、石、石、')).toBe(true);
  expect(end.usage.completionTokens).toBeLessThan(200);
});

test('the byte limit ends an answer', async () => {
  const limited = await createOnnxGenerator({
    host,
    path: join(models, 'demo-3m-finetuned'),
    limits: { maxBytes: 20 },
  });
  const { text, end } = await write(limited, catfish.prompt);
  expect(text).toBe('いいえ。地震');
  expect(end.finish).toBe('length');
});

/** Its sleeps end when `ring` is called. */
const createAlarmClock = (): { clock: Clock; ring(): void } => {
  const alarm = Promise.withResolvers<void>();
  return { clock: { now: () => 0, sleep: () => alarm.promise }, ring: alarm.resolve };
};

test('the time limit ends an answer', async () => {
  const { clock, ring } = createAlarmClock();
  const limited = await createOnnxGenerator({ host, path: join(models, 'demo-3m-early'), clock });
  const parts: GenerationPart[] = [];
  for await (const part of limited.generate(request(endless, { maxTokens: 490 }))) {
    parts.push(part);
    ring();
  }
  expect(parts[0]!.type).toBe('text');
  expect(parts.at(-1)).toMatchObject({ type: 'end', finish: 'length' });
  expect(parts.length).toBeLessThan(250);
});

test('a model that wrote nothing in its time has failed', async () => {
  const { clock, ring } = createAlarmClock();
  const limited = await createOnnxGenerator({ host, path: join(models, 'demo-3m-base'), clock });
  ring();
  await expect(write(limited, earthquake.prompt)).rejects.toMatchObject({ code: 'model_late' });
});

test('two models at once write what each writes alone', async () => {
  const [answer, continuation, again] = await Promise.all([
    write(finetuned, catfish.prompt),
    write(base, earthquake.prompt, { maxTokens: 60 }),
    write(finetuned, catfish.prompt),
  ]);
  expect([answer.text, again.text]).toEqual([catfish.answer, catfish.answer]);
  expect(continuation.text.startsWith(earthquake.start)).toBe(true);
});

test('embedding goes on while a model writes', async () => {
  await host.load('embedding', join(models, 'embedder'));
  const order: string[] = [];
  const texts = Array.from({ length: 48 }, (_, index) => `${earthquake.start}${index}`);
  const [{ text }] = await Promise.all([
    write(base, earthquake.prompt, { maxTokens: 400 }).finally(() => order.push('written')),
    host.embed({ path: join(models, 'embedder'), texts }).finally(() => order.push('embedded')),
  ]);
  expect(order).toEqual(['embedded', 'written']);
  expect(text.startsWith(earthquake.start)).toBe(true);
});

test('a closed generator refuses, and another on the same host writes on', async () => {
  const closing = await createOnnxGenerator({ host, path: join(models, 'demo-3m-base') });
  const reading = write(closing, earthquake.prompt, { maxTokens: 400 });
  await closing.close();
  await expect(reading).rejects.toMatchObject({ code: 'model_unavailable' });
  await expect(write(closing, earthquake.prompt)).rejects.toMatchObject({ code: 'model_unavailable' });
  expect((await write(finetuned, catfish.prompt)).text).toBe(catfish.answer);
});

test('a model broken on disk is refused with its file, and loads once it is whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tenkyo-model-'));
  try {
    await cp(join(models, 'demo-3m-finetuned'), folder, { recursive: true });
    const file = join(folder, 'onnx', 'model_quantized.onnx');
    // Whole as a protobuf message (field 7, three bytes), but no graph: only loading finds out.
    await writeFile(file, Uint8Array.of(0x3a, 3, 1, 2, 3));
    const generator = await createOnnxGenerator({ host, path: folder });
    await expect(generator.load()).rejects.toMatchObject({ code: 'file_corrupt', where: file });
    await expect(write(generator, catfish.prompt)).rejects.toMatchObject({ code: 'file_corrupt', where: file });

    await cp(join(models, 'demo-3m-finetuned'), folder, { recursive: true });
    expect((await write(generator, catfish.prompt)).text).toBe(catfish.answer);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a folder that is not there is refused at once', async () => {
  await expect(createOnnxGenerator({ host, path: join(models, 'no-such-model') })).rejects.toMatchObject({
    code: 'file_missing',
    where: join(models, 'no-such-model', 'config.json'),
  });
});
