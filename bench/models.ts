// node bench/models.ts: what the model thread costs. Load times and memory of the demonstration models, then pairs of
// runs in turn: the library alone on the main thread against ours; one after the other against at once; an answer alone
// against one while an index is embedded. Medians, ratio with its spread, load average.
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { env, pipeline, TextStreamer } from '@huggingface/transformers';
import { createOnnxEmbedder } from '../src/embedding/onnx/onnx-embedder.ts';
import { createOnnxGenerator } from '../src/generation/onnx/onnx-generator.ts';
import { createOnnxHost } from '../src/onnx/host.ts';

const models = fileURLToPath(new URL('../demo/models/', import.meta.url));
const prompt = '</s>地震は、';
const passage = '地震は、地下の岩盤が急にずれて、その振動が地面に伝わる現象である。'.repeat(4);
const pairs = 7;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};
const memory = (): string => `resident ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`;
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Runs both in turn and prints medians and the ratio of the second to the first. */
const compare = async (
  names: [string, string],
  first: () => Promise<number>,
  second: () => Promise<number>,
  unit: string,
): Promise<void> => {
  const a: number[] = [];
  const b: number[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    a.push(await first());
    b.push(await second());
  }
  const ratios = b.map((value, index) => value / a[index]!);
  const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  console.log(
    `${names[0]} ${median(a).toFixed(0)} ${unit} · ${names[1]} ${median(b).toFixed(0)} ${unit} · ratio ${median(ratios).toFixed(2)} (${spread})`,
  );
};

console.log(`Node ${process.version}, load average ${loadavg()[0]!.toFixed(2)}, ${memory()} before`);
const host = createOnnxHost();
const open = (name: string) => createOnnxGenerator({ host, path: models + name });
const [finetuned, base, early] = [
  await open('demo-3m-finetuned'),
  await open('demo-3m-base'),
  await open('demo-3m-early'),
];
const embedder = await createOnnxEmbedder({ host, path: `${models}embedder`, queryPrefix: '', passagePrefix: '' });
console.log(
  `thread, runtime and demo-3m-finetuned: ${(await timed(() => finetuned.load())).toFixed(0)} ms, ${memory()}`,
);
console.log(`demo-3m-base: ${(await timed(() => base.load())).toFixed(0)} ms, ${memory()}`);
console.log(`demo-3m-early: ${(await timed(() => early.load())).toFixed(0)} ms, ${memory()}`);
console.log(`embedder: ${(await timed(() => embedder.embed(['地震'], 'query'))).toFixed(0)} ms, ${memory()}`);

const write = async (): Promise<{ firstMs: number; ms: number; tokens: number }> => {
  const started = performance.now();
  let firstMs = 0;
  let tokens = 0;
  const signal = new AbortController().signal;
  for await (const part of base.generate({ prompt, maxTokens: 120, temperature: 0, topP: 1, signal })) {
    firstMs ||= performance.now() - started;
    if (part.type === 'end') tokens = part.usage.completionTokens;
  }
  return { firstMs, ms: performance.now() - started, tokens };
};
await write();

const four = async (atOnce: boolean): Promise<{ total: number; first: number }> => {
  const started = performance.now();
  const firsts: number[] = [];
  const one = async (): Promise<void> => {
    const asked = performance.now();
    const { firstMs } = await write();
    firsts.push(asked - started + firstMs);
  };
  if (atOnce) await Promise.all([one(), one(), one(), one()]);
  else for (let k = 0; k < 4; k += 1) await one();
  return { total: performance.now() - started, first: median(firsts) };
};
await compare(
  ['four answers one after the other: all done', 'at once'],
  async () => (await four(false)).total,
  async () => (await four(true)).total,
  'ms',
);
await compare(
  ['  their median first words', 'at once'],
  async () => (await four(false)).first,
  async () => (await four(true)).first,
  'ms',
);

const speed = async (): Promise<number> => {
  const { tokens, ms } = await write();
  return (tokens / ms) * 1000;
};
const speedWhileEmbedding = async (): Promise<number> => {
  const stop = new AbortController();
  const embedding = embedder
    .embed(Array(5000).fill(passage), 'passage', { signal: stop.signal })
    .catch(() => undefined);
  const result = await speed();
  stop.abort();
  await embedding;
  // The thread is still in the batch that it was in.
  await base.count('');
  return result;
};
await compare(['an answer alone', 'while an index is embedded'], speed, speedWhileEmbedding, 'tokens/s');
console.log(
  `embedding alone: ${(300_000 / (await timed(() => embedder.embed(Array(300).fill(passage), 'passage')))).toFixed(0)} passages of ${passage.length} characters/s, ${memory()}`,
);

env.allowRemoteModels = false;
const library = await pipeline('text-generation', `${models}demo-3m-base`, {
  dtype: 'q8',
  session_options: { intraOpNumThreads: 1 },
});
const settings = { max_new_tokens: 120, do_sample: false };
const libraryAlone = (): Promise<number> =>
  timed(() =>
    library(prompt, {
      ...settings,
      streamer: new TextStreamer(library.tokenizer, { skip_prompt: true, callback_function: () => undefined }),
    }),
  );
await libraryAlone();
await compare(
  ['an answer by the library on the main thread', 'ours in the thread'],
  libraryAlone,
  async () => (await write()).ms,
  'ms',
);
console.log(
  `${memory()}, peak ${(process.resourceUsage().maxRSS / 1e3).toFixed(0)} MB, load average ${loadavg()[0]!.toFixed(2)}`,
);
await host.close();
