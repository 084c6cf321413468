/**
 * `npm run bench`: what a person waits for on a laptop, each wall time with the machine's load beside it, and the
 * start as a ratio to a bare script (bare-start.ts) that does the unavoidable part, alternating in one run.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { actAs, eventually, visibleText } from '../test/support/person.ts';
import { type RunningTenkyo, startTenkyo } from '../test/support/running-tenkyo.ts';

const pairs = Number(process.argv[2] ?? 7);
const folder = mkdtempSync(join(tmpdir(), 'tenkyo-bench-'));
const data = join(folder, 'data');

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const median = (values: readonly number[]): number => sorted(values)[values.length >> 1] ?? Number.NaN;
const spread = (values: readonly number[], digits = 0): string => {
  const all = sorted(values);
  return `${median(values).toFixed(digits)} (${all[0]?.toFixed(digits)}–${all.at(-1)?.toFixed(digits)})`;
};
const peakMemoryMB = (pid: number): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

const bareStart = async (): Promise<number> => {
  const began = performance.now();
  const child = spawn(process.execPath, ['bench/bare-start.ts', join(folder, 'bare')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise<number | null>((done) => child.once('exit', done));
  if (code !== 0) throw new Error(`the bare script ended with ${code}`);
  return performance.now() - began;
};

const start = async (): Promise<{ tenkyo: RunningTenkyo; ms: number }> => {
  const began = performance.now();
  const tenkyo = await startTenkyo(data);
  return { tenkyo, ms: performance.now() - began };
};

const load = (): string =>
  loadavg()
    .map((value) => value.toFixed(2))
    .join(' ');

const questions = ['地震の原因はナマズが動くことですか？', 'かぜに抗生物質は効きますか？', '光合成とは何ですか？'];

/** Milliseconds from sending to the first visible text, and from 🔍 to its result. */
const ask = async (tenkyo: RunningTenkyo, question: string): Promise<{ firstText: number; result: number }> => {
  const person = await actAs(tenkyo);
  const bot = person.bot('demo-3m-finetuned').id;
  const finder = person.bot('tenkyo-search').id;
  const channel = person.channel('playground').id;
  const sent = performance.now();
  const root = await person.send(channel, `<@${bot}> ${question}`);
  const seen = (user: string, pattern: RegExp) => () =>
    person.live.find(
      (event) =>
        event.type === 'message' &&
        event.message.user === user &&
        event.message.threadTs === root.ts &&
        pattern.test(visibleText(event.message)),
    );
  await eventually(seen(bot, /\S/));
  const firstText = performance.now() - sent;
  await eventually(seen(bot, /トークン/));
  const reply = (await person.thread(channel, root.ts)).find(({ user }) => user === bot);
  if (!reply) throw new Error('no answer');
  const asked = performance.now();
  await person.react(reply, 'mag');
  await eventually(seen(finder, /Rank: 1/));
  const result = performance.now() - asked;
  person.close();
  return { firstText, result };
};

try {
  console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${load()}`);
  const first = await start();
  const firstAnswer = await ask(first.tenkyo, questions[0] as string);
  console.log(
    `first start, data directory made: ${first.ms.toFixed(0)} ms; then message → first text ${firstAnswer.firstText.toFixed(0)} ms`,
  );
  await first.tenkyo.end('SIGTERM');
  await bareStart();

  const ours: number[] = [];
  const bare: number[] = [];
  const answers: Awaited<ReturnType<typeof ask>>[] = [];
  let peak = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    const { tenkyo, ms } = await start();
    ours.push(ms);
    for (const question of questions) answers.push(await ask(tenkyo, question));
    peak = Math.max(peak, peakMemoryMB(tenkyo.pid));
    await tenkyo.end('SIGTERM');
    bare.push(await bareStart());
  }
  console.log(`start → ready, ms:              ${spread(ours)}`);
  console.log(`bare script, ms:                ${spread(bare)}`);
  console.log(
    `ratio, pair by pair:            ${spread(
      ours.map((ms, pair) => ms / (bare[pair] ?? Number.NaN)),
      2,
    )}   (bound 1.5)`,
  );
  console.log(`message → first visible text, ms: ${spread(answers.map(({ firstText }) => firstText))}`);
  console.log(`🔍 → result, ms:                ${spread(answers.map(({ result }) => result))}`);
  console.log(`peak memory of the process, MB: ${peak.toFixed(0)}   (bound 1200)`);
  console.log(`load at the end: ${load()}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
