/**
 * `node bench/chat.ts [pairs]`: what the way from a question in Slack to a model's server and back costs. Tokens a second
 * of whole answers in the local workspace ÷ those of a bare client on the same paced server, alternating in one run, at
 * 1, 4 and 8 answers at once; the product's CPU time, the calls to Slack and the refused ones beside it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPacedServer } from '../test/support/paced/paced-server.ts';
import { actAs, eventually, visibleText } from '../test/support/person.ts';
import { startTenkyo } from '../test/support/running-tenkyo.ts';

const pairs = Number(process.argv[2] ?? 3);
const tokensPerSecond = 50;
const answerTokens = 300;
const folder = mkdtempSync(join(tmpdir(), 'tenkyo-chat-'));

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
const median = (values: readonly number[]): number => sorted(values)[values.length >> 1] ?? Number.NaN;
const spread = (values: readonly number[], digits = 3): string => {
  const all = sorted(values);
  return `${median(values).toFixed(digits)} (${all[0]?.toFixed(digits)}–${all.at(-1)?.toFixed(digits)})`;
};
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
};
/** CPU milliseconds of a process so far; the kernel counts in hundredths of a second. */
const cpuMs = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

const server = await startPacedServer({
  dialect: 'vllm',
  tokensPerSecond,
  slots: 8,
  // No sentence comes twice: the guard against loops would cut it.
  answer: () => Array.from({ length: answerTokens }, (_, at) => `${(at * 7919) % 1009}、`),
});
const config = join(folder, 'tenkyo.yaml');
writeFileSync(
  config,
  `
apps: [{ name: bench-bot, roles: [model], model: bench }]
models: [{ name: bench, provider: openai, baseUrls: ["${server.url}"], apiModel: served-model, concurrency: 8 }]
limits: { running: null }
`,
);
const operator = `127.0.0.1:${await freePort()}`;
const tenkyo = await startTenkyo(join(folder, 'data'), {
  args: ['--config', config],
  env: { OPERATOR_LISTEN: operator },
});
const person = await actAs(tenkyo);
const bot = person.bot('bench-bot').id;
const channel = person.channel('playground').id;

/** Milliseconds of one answer by a client that does nothing but read it. */
const bare = async (): Promise<number> => {
  const began = performance.now();
  const response = await fetch(`${server.url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ role: 'user', content: '質問' }], max_tokens: 1_024, stream: true }),
  });
  await response.text();
  return performance.now() - began;
};
/** Milliseconds from the sending of a question to its whole answer in the thread. */
const asked = async (number: string): Promise<number> => {
  const began = performance.now();
  const root = await person.send(channel, `<@${bot}> 質問${number}`);
  await eventually(
    () =>
      person.live.some(
        (event) =>
          event.type === 'message' &&
          event.message.user === bot &&
          event.message.threadTs === root.ts &&
          /トークン/.test(visibleText(event.message)),
      ),
    { withinMs: 60_000, what: `the answer to question ${number}` },
  );
  return performance.now() - began;
};
/** Calls to Slack so far, and those that it refused as too many. */
const slackCalls = async (): Promise<{ all: number; limited: number }> => {
  const text = await (await fetch(`http://${operator}/metrics`)).text();
  const counts = [...text.matchAll(/^\w*slack_calls_total\{([^}]*)\} (\d+)/gm)];
  const sum = (some: typeof counts): number => some.reduce((total, [, , count]) => total + Number(count), 0);
  return { all: sum(counts), limited: sum(counts.filter(([, labels]) => labels?.includes('rate limited'))) };
};
const together = async (count: number, one: (at: number) => Promise<number>): Promise<number> => {
  const took = await Promise.all(Array.from({ length: count }, (_, at) => one(at)));
  return (count * answerTokens * 1_000) / took.reduce((total, ms) => total + ms, 0);
};

try {
  console.log(
    `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()
      .map((value) => value.toFixed(2))
      .join(' ')}; ${answerTokens} tokens at ${tokensPerSecond} tokens/s, ${pairs} pairs`,
  );
  await asked('warm');
  await bare();
  for (const count of [1, 4, 8]) {
    const ratios: number[] = [];
    const speeds: number[] = [];
    const cpu: number[] = [];
    const before = await slackCalls();
    for (let pair = 0; pair < pairs; pair++) {
      const reference = await together(count, bare);
      const cpuBefore = cpuMs(tenkyo.pid);
      const speed = await together(count, (at) => asked(`${count}-${pair}-${at}`));
      cpu.push((cpuMs(tenkyo.pid) - cpuBefore) / count);
      speeds.push(speed);
      ratios.push(speed / reference);
    }
    const after = await slackCalls();
    console.log(
      `${count} at once: tokens/s of an answer ${spread(speeds, 1)}, ÷ bare client ${spread(ratios)}; CPU ms an answer ${spread(cpu, 0)}; ` +
        `Slack calls an answer ${((after.all - before.all) / (count * pairs)).toFixed(1)}, 429s ${after.limited - before.limited}`,
    );
  }
} finally {
  person.close();
  await tenkyo.end('SIGTERM');
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
