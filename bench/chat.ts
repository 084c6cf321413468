/**
 * `node bench/chat.ts [pairs] [--server URL/v1]`: what the way from a question in Slack to a model's server and back
 * costs. Tokens a second of whole answers in the local workspace ÷ those of a bare client on the same server,
 * alternating in one run, at 1, 4 and 8 answers at once. An answer's time is the person's: from the sending of the
 * question until its last words are seen in the thread; until the message stands finished, it is given beside it. The
 * server is one that writes at a pace, or a real one (llama.cpp's) by its address.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort } from '../test/faults/support/free-port.ts';
import { hopsToFirstToken } from '../test/support/first-token-hops.ts';
import { startPacedServer } from '../test/support/paced/paced-server.ts';
import { startTenkyo } from '../test/support/running-tenkyo.ts';
import { openAsking } from './asking.ts';

const { positionals, values } = parseArgs({ allowPositionals: true, options: { server: { type: 'string' } } });
const pairs = Number(positionals[0] ?? 7);
const tokensPerSecond = 50;
const answerTokens = 300;
/** No sentence comes twice: the guard against loops would cut it. */
const answer = Array.from({ length: answerTokens }, (_, at) => `${(at * 7919) % 1009}、`);
const ending = answer.slice(-2).join('');
/** When a question was at the server, in the time of `performance`. */
const reachedAt = new Map<string, number>();
const reached = (question: string): readonly string[] => {
  reachedAt.set(question, performance.now());
  return answer;
};
const folder = mkdtempSync(join(tmpdir(), 'tenkyo-chat-'));

const sorted = (all: readonly number[]): number[] => all.toSorted((a, b) => a - b);
const median = (all: readonly number[]): number => sorted(all)[all.length >> 1] ?? Number.NaN;
const spread = (all: readonly number[], digits = 3): string => {
  const order = sorted(all);
  return `${median(all).toFixed(digits)} (${order[0]?.toFixed(digits)}–${order.at(-1)?.toFixed(digits)})`;
};
/** CPU milliseconds of a process so far; the kernel counts in hundredths of a second. */
const cpuMs = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

const paced =
  values.server === undefined
    ? await startPacedServer({ dialect: 'vllm', tokensPerSecond, slots: 8, answer: reached })
    : null;
const server = paced?.url ?? String(values.server);
const maxTokens = paced ? 1_024 : 128;
const config = join(folder, 'tenkyo.yaml');
writeFileSync(
  config,
  `
apps: [{ name: bench-bot, roles: [model], model: bench }]
models: [{ name: bench, provider: openai, baseUrls: ["${server}"], apiModel: served-model, concurrency: 8, maxTokens: ${maxTokens} }]
limits: { running: null }
`,
);
const operator = `127.0.0.1:${await freePort()}`;
const tenkyo = await startTenkyo(join(folder, 'data'), {
  args: ['--config', config],
  env: { OPERATOR_LISTEN: operator, NODE_OPTIONS: process.env.BENCH_NODE_OPTIONS ?? '' },
});
const asking = await openAsking(tenkyo, { bot: 'bench-bot', channel: 'playground' });
const questionOf = (name: string): string => (paced ? `質問${name}` : `Tell me a long story about the number ${name}.`);

interface Timed {
  readonly tokens: number;
  readonly ms: number;
}
/** One answer by a client that does nothing but read it. */
const bare = async (name: string): Promise<Timed> => {
  const began = performance.now();
  const response = await fetch(`${server}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      messages: [{ role: 'user', content: questionOf(name) }],
      max_tokens: maxTokens,
      temperature: 0.7,
      stream: true,
      stream_options: { include_usage: true },
    }),
  });
  const text = await response.text();
  const ms = performance.now() - began;
  return { ms, tokens: Number([...text.matchAll(/"completion_tokens":\s*(\d+)/g)].at(-1)?.[1]) };
};
/** Calls to Slack so far, and those that it refused as too many. */
const slackCalls = async (): Promise<{ all: number; limited: number }> => {
  const text = await (await fetch(`http://${operator}/metrics`)).text();
  const counts = [...text.matchAll(/^\w*slack_calls_total\{([^}]*)\} (\d+)/gm)];
  const sum = (some: typeof counts): number => some.reduce((total, [, , count]) => total + Number(count), 0);
  return { all: sum(counts), limited: sum(counts.filter(([, labels]) => labels?.includes('rate limited'))) };
};
const together = <One>(count: number, one: (at: number) => Promise<One>): Promise<One[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => one(at)));
/** Tokens a second of one answer, over all of them. */
const speedOf = (answers: readonly Timed[]): number =>
  (1_000 * answers.reduce((sum, { tokens }) => sum + tokens, 0)) / answers.reduce((sum, { ms }) => sum + ms, 0);

try {
  const load = loadavg().map((value) => value.toFixed(2));
  const pace = paced
    ? `${answerTokens} tokens at ${tokensPerSecond} tokens/s`
    : `up to ${maxTokens} tokens of ${server}`;
  console.log(
    `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${load.join(' ')}; ${pace}, ${pairs} pairs`,
  );
  const hops = await hopsToFirstToken({ followUp: false });
  console.log(
    `${hops.length} calls one after the other before the first token: ${hops.map((some) => some.join(' + ')).join('; ')}`,
  );
  await asking.ask(questionOf('0'), null);
  await bare('0');
  for (const count of [1, 4, 8]) {
    const ratios = { last: [] as number[], whole: [] as number[] };
    const speeds: number[] = [];
    const cpu: number[] = [];
    const seen = { reached: [] as number[], first: [] as number[], after: [] as number[] };
    const before = await slackCalls();
    for (let pair = 0; pair < pairs; pair++) {
      const name = (at: number): string => `${count}${pair}${at}`;
      const reference = speedOf(await together(count, (at) => bare(name(at))));
      const cpuBefore = cpuMs(tenkyo.pid);
      const began = performance.now();
      const answers = await together(count, (at) => asking.ask(questionOf(name(at)), paced ? ending : null));
      seen.reached.push(...answers.map((_, at) => (reachedAt.get(questionOf(name(at))) ?? Number.NaN) - began));
      cpu.push((cpuMs(tenkyo.pid) - cpuBefore) / count);
      const speed = speedOf(answers.map(({ tokens, lastMs }) => ({ tokens, ms: lastMs })));
      speeds.push(speed);
      ratios.last.push(speed / reference);
      ratios.whole.push(speedOf(answers.map(({ tokens, wholeMs }) => ({ tokens, ms: wholeMs }))) / reference);
      seen.first.push(...answers.map(({ firstMs }) => firstMs));
      seen.after.push(...answers.map(({ lastMs, wholeMs }) => wholeMs - lastMs));
    }
    const after = await slackCalls();
    console.log(
      `${count} at once: tokens/s of an answer ${spread(speeds, 1)}, ÷ bare client ${spread(ratios.last)}` +
        `, until finished ${spread(ratios.whole)}; ${paced ? `at the server after ${spread(seen.reached, 0)} ms, ` : ''}first words after ${spread(seen.first, 0)} ms, finished ` +
        `${spread(seen.after, 0)} ms after the last words; CPU ms an answer ${spread(cpu, 0)}; ` +
        `Slack calls an answer ${((after.all - before.all) / (count * pairs)).toFixed(1)}, 429s ${after.limited - before.limited}`,
    );
  }
} finally {
  asking.close();
  await tenkyo.end('SIGTERM');
  await paced?.close();
  rmSync(folder, { recursive: true, force: true });
}
