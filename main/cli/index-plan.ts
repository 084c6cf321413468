import { estimateBuild } from '../../indexers/estimate.ts';
import { type BuildOptions, planBuild } from '../../indexers/plan-build.ts';
import type { Cli } from './cli.ts';
import { duration, grouped } from './numbers.ts';

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

/** `tenkyo index --dry-run`: what a build would read and make. */
export const printPlan = async (cli: Cli, options: BuildOptions, json: boolean): Promise<void> => {
  const { fingerprint, files, current, base } = await planBuild(options);
  const estimate = current ? null : await estimateBuild(options, { files, base });
  const corpus = options.corpus.name;
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const counted = files.map((file, index) => ({ ...file, passages: estimate?.passagesOf[index] ?? null }));
  if (json) {
    const { passagesOf: _, ...told } = estimate ?? {};
    const shared = { corpus, fingerprint, upToDate: current !== null, lines, files: counted };
    cli.json({ ...shared, embedder: options.embedder !== null, estimate: estimate && told });
    return;
  }
  cli.print(`${corpus}: ${current ? 'up to date' : 'to be built'} · ${grouped(lines)} lines in ${files.length} files`);
  cli.table([
    ['Source', 'Lines', 'Bytes', ...(estimate ? ['Passages, about'] : [])],
    ...counted.map(({ name, lines: count, bytes, passages }) => [
      name,
      grouped(count),
      grouped(bytes),
      ...(passages === null ? [] : [grouped(passages)]),
    ]),
  ]);
  if (!estimate) return;
  const { passages, bytes, seconds, linesToRead } = estimate;
  if (linesToRead < lines) cli.print(`${grouped(linesToRead)} lines are new; the rest is taken from the current index`);
  const vectors = options.embedder ? '' : ', without vectors';
  cli.print(`about ${grouped(passages)} passages${vectors} · about ${megabytes(bytes)} · about ${duration(seconds)}`);
};
