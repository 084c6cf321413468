/**
 * `node bench/provenance.ts [scale…]`: what a run's table of occurrences costs, at 1, 4 and 16 times 1.25 million
 * samples and 312,500 documents, beside a plain numpy script that does the same inversion. Processes of their own,
 * alternating; CPU seconds are the whole process's. What starting it took of them (Node, Python, their modules) is the
 * same at every scale, and stands in a column of its own.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

interface Cost {
  readonly seconds: number;
  readonly cpu: number;
  /** Of it, until the work began. */
  readonly started: number;
  readonly peak: number;
  readonly occurrences: number;
}
interface TableCost extends Cost {
  readonly bytes: number;
  readonly lookup: { readonly p50Ms: number; readonly p99Ms: number };
}

const base = { samples: 1_250_000, documents: 312_500 };
const pairsAt: Readonly<Record<number, number>> = { 1: 7, 4: 3 };
const scales = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1, 4, 16];
const folder = mkdtempSync(join(tmpdir(), 'tenkyo-bench-'));

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const spread = (values: readonly number[]): string =>
  values.length === 1
    ? values[0]!.toFixed(2)
    : `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)})`;
const load = (): string => loadavg()[0]!.toFixed(1);
const millions = (bytes: number): string => (bytes / 1e6).toFixed(0);

/** A Python that has numpy: in a virtual environment of its own. null where it cannot be made. */
const pythonWithNumpy = (): string | null => {
  const environment = join(folder, 'venv');
  const python = join(environment, 'bin', 'python');
  try {
    execFileSync('python3', ['-m', 'venv', environment], { stdio: 'pipe' });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', 'numpy'], { stdio: 'pipe', timeout: 300_000 });
    return python;
  } catch (error) {
    const { stderr, message } = error as { stderr?: Buffer; message: string };
    console.log(`No comparison with numpy: it cannot be installed here (${(stderr?.toString() || message).trim()}).`);
    return null;
  }
};

const tenkyo = (...args: readonly string[]): string =>
  execFileSync(process.execPath, ['bench/provenance-run.ts', ...args], { encoding: 'utf8' });

try {
  const python = pythonWithNumpy();
  const version =
    python && execFileSync(python, ['-c', 'import numpy; print(numpy.__version__)'], { encoding: 'utf8' });
  console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, numpy ${version?.trim() ?? '–'}\n`);
  const rows = [
    '| scale | samples | documents | occurrences | wall s | CPU s | of it start | numpy CPU s | of it start | CPU ratio | ratio without starts | arrays MB | peak MB | peak ÷ arrays | numpy peak MB | table MB | bytes/occurrence | lookup ms p50, p99 | load |',
    `|${'---|'.repeat(19)}`,
  ];
  for (const scale of scales) {
    const at = join(folder, `x${scale}`);
    const samples = base.samples * scale;
    const documents = base.documents * scale;
    tenkyo('write', at, String(samples), String(documents));
    const { arrays } = JSON.parse(readFileSync(join(at, 'files.json'), 'utf8')) as { arrays: number };
    const ours: TableCost[] = [];
    const theirs: Cost[] = [];
    for (let pair = 0; pair < (pairsAt[scale] ?? 1); pair += 1) {
      ours.push(JSON.parse(tenkyo('open', at)) as TableCost);
      if (python) {
        const printed = execFileSync(python, ['bench/provenance-numpy.py', at], { encoding: 'utf8' });
        theirs.push(JSON.parse(printed) as Cost);
      }
    }
    const [{ occurrences, bytes, lookup }] = ours as [TableCost];
    if (theirs.some((cost) => cost.occurrences !== occurrences)) throw new Error('numpy found other occurrences');
    const peak = Math.max(...ours.map((cost) => cost.peak));
    const ratios = theirs.map(({ cpu }, index) => ours[index]!.cpu / cpu);
    const worked = ({ cpu, started }: Cost): number => cpu - started;
    const workRatios = theirs.map((cost, index) => worked(ours[index]!) / worked(cost));
    const ofTheirs = (values: readonly number[]): string => (theirs.length > 0 ? spread(values) : '–');
    rows.push(
      `| ${[
        `${scale}×`,
        samples.toLocaleString('en-US'),
        documents.toLocaleString('en-US'),
        occurrences.toLocaleString('en-US'),
        spread(ours.map(({ seconds }) => seconds)),
        spread(ours.map(({ cpu }) => cpu)),
        spread(ours.map(({ started }) => started)),
        ofTheirs(theirs.map(({ cpu }) => cpu)),
        ofTheirs(theirs.map(({ started }) => started)),
        ofTheirs(ratios),
        ofTheirs(workRatios),
        millions(arrays),
        millions(peak),
        (peak / arrays).toFixed(2),
        theirs.length > 0 ? millions(Math.max(...theirs.map((cost) => cost.peak))) : '–',
        millions(bytes),
        (bytes / occurrences).toFixed(2),
        `${lookup.p50Ms.toFixed(2)}, ${lookup.p99Ms.toFixed(2)}`,
        load(),
      ].join(' | ')} |`,
    );
    rmSync(at, { recursive: true, force: true });
  }
  console.log(rows.join('\n'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
