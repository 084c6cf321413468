// Runs the models in a process of its own and prints what happened, as one line of JSON. Argument: what to do.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createOnnxEmbedder } from '../../src/embedding/onnx/onnx-embedder.ts';
import { asTenkyoError } from '../../src/errors.ts';
import { createOnnxGenerator } from '../../src/generation/onnx/onnx-generator.ts';
import { createOnnxHost } from '../../src/onnx/host.ts';

const models = fileURLToPath(new URL('../../demo/models/', import.meta.url));
const warnings: string[] = [];
const host = createOnnxHost({ log: { debug: () => undefined, warn: (_, message) => void warnings.push(message) } });
const generator = await createOnnxGenerator({ host, path: `${models}demo-3m-base` });
const embedder = await createOnnxEmbedder({ host, path: `${models}embedder`, queryPrefix: '', passagePrefix: '' });

const write = async (maxTokens: number): Promise<string> => {
  const signal = new AbortController().signal;
  let text = '';
  for await (const part of generator.generate({ prompt: '</s>地震は、', maxTokens, temperature: 0, topP: 1, signal })) {
    if (part.type === 'text') text += part.text;
  }
  return text;
};

const outcome = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    return { value: await work };
  } catch (error) {
    const { code, message, where, found, remedy } = asTenkyoError(error);
    return { code, message, where, found, remedy };
  }
};

const delayWhile = async (work: Promise<unknown>): Promise<{ p99: number; max: number }> => {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await work;
  histogram.disable();
  return { p99: histogram.percentile(99) / 1e6, max: histogram.max / 1e6 };
};

const tasks: Record<string, () => Promise<unknown>> = {
  /** Two requests, both under way when the thread ends; then one more. */
  loss: async () => ({
    lost: await Promise.all([
      outcome(write(400)),
      outcome(embedder.embed(Array(2000).fill('地震は揺れる。'), 'passage')),
    ]),
    after: await outcome(write(8)),
    warnings,
  }),
  write: () => outcome(write(8)),
  /** Leaves in the middle of native work, as a fatal error elsewhere would. */
  exit: async () => {
    const loading = process.argv[3] === 'loading' ? host.load('language', `${models}demo-3m-early`) : write(400);
    await Promise.race([loading, delay(Number(process.argv[4]))]);
    process.exit(2);
  },
  close: async () => {
    const under = outcome(write(400));
    await host.count(`${models}demo-3m-base`, '');
    await host.close();
    return { under: await under, after: await outcome(write(8)) };
  },
  /** Milliseconds that the main thread's loop was late, idle and while a model writes and another embeds. */
  delay: async () => {
    await write(8);
    await embedder.embed(['地震'], 'query');
    const idle = await delayWhile(delay(2000));
    const started = performance.now();
    const busy = await delayWhile(
      Promise.all([
        write(400),
        write(400),
        embedder.embed(Array(600).fill('地震は地下の岩盤がずれて起こる。'), 'passage'),
      ]),
    );
    return { idle, busy, busyMs: performance.now() - started };
  },
};

console.log(JSON.stringify(await tasks[process.argv[2]!]!()));
