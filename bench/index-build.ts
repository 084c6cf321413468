/**
 * `node bench/index-build.ts [--passages 47000] [--pairs 3] [scale…]`: passages a second of an index build at 1, 4 and
 * 16 times so many passages, as `tenkyo index` does it and without threads, beside the bare loop cut + tokenise +
 * insert; processes of their own, alternating. Then the same with vectors, on a sixteenth.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

interface Cost {
  readonly seconds: number;
  readonly cpu: number;
  readonly peak: number;
  readonly passages: number;
  /** CPU until the texts were written: what the bare loop does. After it come suffix arrays and calibration. */
  readonly textsCpu?: number;
  readonly bytes?: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { passages: { type: 'string', default: '47000' }, pairs: { type: 'string', default: '3' } },
});
const base = Number(values.passages);
const scales = positionals.length > 0 ? positionals.map(Number) : [1, 4, 16];
const folder = mkdtempSync(join(tmpdir(), 'tenkyo-bench-'));

const run = (...args: readonly string[]): Cost =>
  JSON.parse(execFileSync(process.execPath, ['bench/index-build-run.ts', ...args], { encoding: 'utf8' })) as Cost;
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
const spread = (numbers: readonly number[], digits: number): string => {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)].map((value) => value.toFixed(digits));
  return numbers.length === 1 ? least! : `${median(numbers).toFixed(digits)} (${least}–${most})`;
};
const rates = (costs: readonly Cost[]): number[] => costs.map(({ passages, seconds }) => passages / seconds);
const ratios = (costs: readonly Cost[], bare: readonly Cost[]): number[] =>
  costs.map(({ seconds }, index) => bare[index]!.seconds / seconds);
const millions = (bytes: number): string => (bytes / 1e6).toFixed(0);

/** One row: the three kinds of building, alternating. */
const measure = (name: string, passages: number, pairs: number, embeds: '' | 'vectors'): string => {
  const at = mkdtempSync(join(folder, 'x'));
  const written = run('write', at, String(passages));
  const costs: Record<'build' | 'alone' | 'loop', Cost[]> = { build: [], alone: [], loop: [] };
  for (let pair = 0; pair < pairs; pair++) {
    costs.loop.push(run('loop', at, '', embeds));
    costs.build.push(run('build', at, '', embeds));
    costs.alone.push(run('build', at, '0', embeds));
  }
  rmSync(at, { recursive: true, force: true });
  return `| ${[
    name,
    written.passages.toLocaleString('en-US'),
    spread(rates(costs.build), 0),
    spread(rates(costs.alone), 0),
    spread(rates(costs.loop), 0),
    spread(ratios(costs.build, costs.loop), 2),
    spread(ratios(costs.alone, costs.loop), 2),
    spread(
      costs.alone.map(({ cpu }, index) => costs.loop[index]!.cpu / cpu),
      2,
    ),
    // With vectors the loop does more than write texts.
    embeds === 'vectors'
      ? '–'
      : spread(
          costs.alone.map(({ textsCpu = Number.NaN }, index) => costs.loop[index]!.cpu / textsCpu),
          2,
        ),
    millions(Math.max(...costs.build.map(({ peak }) => peak))),
    millions(Math.max(...costs.loop.map(({ peak }) => peak))),
    millions(costs.build[0]!.bytes ?? 0),
    loadavg()[0]!.toFixed(1),
  ].join(' | ')} |`;
};

try {
  const pairs = Number(values.pairs);
  console.log(`${availableParallelism()} cores, ${cpus()[0]?.model}, Node ${process.version}, ${pairs} rounds\n`);
  console.log(
    '| scale | passages | build, passages/s | without threads | bare loop | build ÷ loop | without threads ÷ loop | by CPU, without threads | by CPU, texts alone | peak MB | loop’s peak MB | database MB | load |',
  );
  console.log(`|${'---|'.repeat(13)}`);
  for (const scale of scales) console.log(measure(`${scale}×`, base * scale, scale > 4 ? 1 : pairs, ''));
  console.log(measure('1/16, with vectors', Math.ceil(base / 16), 1, 'vectors'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
