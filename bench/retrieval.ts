/**
 * `node bench/retrieval.ts [squad file] [beir folder …]`: the demonstration's queries, and the sets that are named (one
 * in SQuAD's format, others in BEIR's), by every engine alone, fused, and reranked where the configuration has a
 * reranker: nDCG@10 with its bootstrap interval, R@1, R@10, MRR, p50 and p95 by kind of query. It judges as `tenkyo eval
 * retrieval` does, holds the figures against the bounds below, and ends with 1 where one is not met.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RetrievalReport, reportRetrieval, reportRows } from '../main/cli/eval-report.ts';
import { type JudgedSource, judgeRetrieval } from '../main/cli/judge-retrieval.ts';
import { openEmbedder } from '../main/compose/open-embedder.ts';
import { openReranker } from '../main/compose/open-reranker.ts';
import { loadConfig } from '../src/config/load.ts';
import { createOnnxHost } from '../src/onnx/host.ts';

/** Fused is never more than this below the best engine of a kind. */
const mostBelowBest = 0.03;

const root = resolve(fileURLToPath(import.meta.url), '../..');
const folder = mkdtempSync(join(tmpdir(), 'tenkyo-bench-retrieval-'));

/** What does not hold, in words. */
const unmet = (source: JudgedSource, { engines, intervals }: RetrievalReport): string[] => {
  const found: string[] = [];
  const { keyword } = engines;
  const less = intervals.all.fusedLessBest;
  if ('squad' in source && keyword && (keyword.ndcg10 < 0.95 || keyword.r1 < 0.92)) {
    found.push(`keyword nDCG@10 ${keyword.ndcg10} (at least 0.95), R@1 ${keyword.r1} (at least 0.92)`);
  }
  if (less?.best === 'keyword' && less.high < 0) found.push(`fused is below keyword alone: ${less.mean}`);
  for (const [kind, { fusedLessBest }] of Object.entries(intervals.kinds)) {
    if (fusedLessBest && fusedLessBest.mean < -mostBelowBest) {
      found.push(`${kind}: fused is ${-fusedLessBest.mean} below ${fusedLessBest.best} (at most ${mostBelowBest})`);
    }
  }
  return found;
};

const sources: JudgedSource[] = [
  { queries: join(root, 'demo/queries.jsonl'), corpus: 'demo' },
  ...process.argv
    .slice(2)
    .map((name) => resolve(name))
    .map((path) => (statSync(path).isDirectory() ? { beir: path } : { squad: path })),
];

const host = createOnnxHost();
try {
  const config = loadConfig({
    demonstration: join(root, 'demo/tenkyo.yaml'),
    data: join(folder, 'data'),
    cwd: process.cwd(),
    env: process.env,
  });
  const embedder = await openEmbedder(config, host);
  const reranking = await openReranker(config, host);
  await reranking?.load();
  for (const [number, source] of sources.entries()) {
    const own = join(folder, String(number));
    mkdirSync(own);
    const note = (line: string): void => console.error(line);
    const { name, answers, facts } = await judgeRetrieval(source, { config, embedder, reranking, folder: own, note });
    const report = reportRetrieval(answers);
    console.log(`\n${name}: ${facts}`);
    for (const row of reportRows(report)) console.log(row.join(' | '));
    const misses = unmet(source, report);
    for (const miss of misses) console.log(`NOT MET: ${miss}`);
    if (misses.length === 0) console.log('all bounds hold');
    else process.exitCode = 1;
  }
  await embedder?.close();
} finally {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
}
