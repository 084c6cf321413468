/**
 * `node bench/memory.ts [answers] [--profile FILE]`: what 1,000 short answers leave behind in memory. The heap of live
 * objects after a full collection and the whole process (RSS), every 100 answers. Ten apps share the work, since Slack's
 * limits are an app's; the workspace itself, which keeps every message, is a process of its own wherever it can be.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPacedServer } from '../test/support/paced/paced-server.ts';
import { startTenkyo } from '../test/support/running-tenkyo.ts';
import { openAsking } from './asking.ts';
import { inspectable, inspectProcess } from './inspect-process.ts';

const { positionals, values } = parseArgs({ allowPositionals: true, options: { profile: { type: 'string' } } });
const answers = Number(positionals[0] ?? 1_000);
const every = Math.min(100, answers);
const apps = Array.from({ length: 10 }, (_, at) => `bench-${at}`);
const folder = mkdtempSync(join(tmpdir(), 'tenkyo-memory-'));
const rssMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;

const server = await startPacedServer({ dialect: 'vllm', slots: 16 });
const config = join(folder, 'tenkyo.yaml');
writeFileSync(
  config,
  `
apps:
${apps.map((name) => `  - { name: ${name}, roles: [model], model: bench }`).join('\n')}
models: [{ name: bench, provider: openai, baseUrls: ["${server.url}"], apiModel: served-model, concurrency: 8 }]
limits: { questions: null, tokens: null, atOnce: null, waiting: null, running: null }
`,
);
const tenkyo = await startTenkyo(join(folder, 'data'), {
  args: ['--config', config],
  env: { NODE_OPTIONS: inspectable },
});
const inspected = await inspectProcess(tenkyo.output());
const asking = await Promise.all(apps.map((bot) => openAsking(tenkyo, { bot, channel: 'playground' })));

try {
  const load = loadavg().map((value) => value.toFixed(2));
  console.log(
    `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${load.join(' ')}; ${answers} answers`,
  );
  const first = await inspected.heapMb();
  console.log(`0 answers: heap ${first.toFixed(1)} MB, RSS ${rssMb(tenkyo.pid).toFixed(0)} MB`);
  if (values.profile !== undefined) await inspected.startProfile();
  for (let done = 0; done < answers; done += every) {
    const began = performance.now();
    await Promise.all(
      asking.map(async (one, at) => {
        for (let n = done + at; n < done + every; n += asking.length) await one.ask(`質問${n}`, null);
      }),
    );
    const seconds = (performance.now() - began) / 1_000;
    console.log(
      `${done + every} answers: heap ${(await inspected.heapMb()).toFixed(1)} MB, RSS ${rssMb(tenkyo.pid).toFixed(0)} MB, ` +
        `the last ${every} in ${seconds.toFixed(1)} s`,
    );
  }
  if (values.profile !== undefined) await inspected.endProfile(values.profile);
} finally {
  inspected.close();
  for (const one of asking) one.close();
  await tenkyo.end('SIGTERM');
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
