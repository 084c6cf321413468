import type { CurrentBuild, TextServer, VectorTarget } from '../src/search/index-target.ts';
import { serverVectorsFingerprint } from '../src/search/qdrant/target.ts';
import { calibrate } from '../src/search/relevance.ts';
import { buildTarget } from './build-target.ts';
import { countFiles, kindsOf } from './corpus-files.ts';
import { type BuildOptions, fingerprintOf } from './plan-build.ts';
import { createProgress } from './progress.ts';
import { createVectorTextWriter, preparePassagesOnly } from './vector-text-writer.ts';
import { type Checkpoint, type Rejects, writeTexts } from './write-texts.ts';

/** Servers that hold an index of which nothing is on this machine. */
export interface IndexServers {
  readonly texts: TextServer;
  /** null: none is configured, and the index has no vectors. */
  readonly vectors: VectorTarget | null;
}

/** Passages whose mean stands for the mean of all, and those of which a sentence is asked. */
const meanSample = 4_096;
const passagesAsked = 120;

const noRejects: Rejects = { count: 0, first: [] };

/** Lines that were no documents, by the last note of a build. */
const rejectsIn = (note: string | null): Rejects =>
  note === null ? noRejects : (JSON.parse(note) as Checkpoint).rejects;

/** Embeds the passages of the files and puts the vectors on the server, unless they are there; null: they are. */
const putVectors = async (
  { texts, vectors }: IndexServers & { vectors: VectorTarget },
  build: CurrentBuild,
  files: Awaited<ReturnType<typeof countFiles>>,
  {
    corpus: { name: corpus },
    embedder,
    clock,
    signal,
    progress,
  }: BuildOptions & { embedder: NonNullable<BuildOptions['embedder']> },
) => {
  const recipe = {
    corpus,
    fingerprint: serverVectorsFingerprint(build.fingerprint, embedder.fingerprint),
    embedder: embedder.fingerprint,
  };
  if (build.vectors?.embedder === embedder.fingerprint && (await vectors.isCurrent(recipe, signal))) return null;
  const { dimensions } = embedder;
  const writer = await createVectorTextWriter({
    embedder,
    writer: await vectors.begin(recipe, { dimensions, expected: build.passages }),
    passages: build.passages,
    draw: () => texts.draw(corpus, meanSample),
    clock,
    progress: createProgress({ clock, report: progress }),
    signal,
  });
  await writeTexts({
    writer,
    preparer: {
      batchesAhead: 0,
      prepare: async (documents) => preparePassagesOnly(documents),
      close: async () => undefined,
    },
    work: files.map((file) => ({ file, from: 0 })),
    openRejects: null,
    maximumRejects: Number.POSITIVE_INFINITY,
    clock,
    // The writer tells how many passages it has embedded.
    progress: { begin: () => undefined, advance: () => undefined },
    signal,
  });
  const { points, means } = writer.result();
  return { vector: await vectors.open(recipe), vectors: { embedder: embedder.fingerprint, means, count: points } };
};

/**
 * Builds the index of a corpus on servers alone: texts first, which can be searched from then on, then vectors. Killed
 * or aborted, it goes on where it was.
 *
 * @throws TenkyoError as `buildIndex` does
 */
export const buildOnServers = async (options: BuildOptions, servers: IndexServers) => {
  const { corpus, embedder, signal } = options;
  const { texts, vectors } = servers;
  const files = await countFiles(corpus, signal);
  const fingerprint = fingerprintOf(texts.recipe, files);
  const target = await buildTarget(texts, files, options);
  const build = (await texts.current(corpus.name))!;
  const put = embedder && vectors ? await putVectors({ texts, vectors }, build, files, { ...options, embedder }) : null;
  const known = put?.vectors ?? build.vectors;
  if (target || put || build.calibration === null) {
    const index = { ...(await texts.open(corpus.name)), vector: put?.vector ?? null, means: known?.means ?? null };
    const drawn = await texts.draw(corpus.name, passagesAsked);
    const calibration = await calibrate(drawn, { index, embedder, signal });
    await texts.addTo(corpus.name, { vectors: known, calibration, kinds: kindsOf(files) });
  }
  const { documents, passages, note } = build;
  return {
    built: target !== null || put !== null,
    manifest: {
      corpus: corpus.name,
      buildId: fingerprint,
      fingerprint,
      documents,
      passages,
      vectors: known?.count ?? 0,
      rejects: target?.lineRejects ?? rejectsIn(note),
    },
    rejectsFile: null,
    targets: target
      ? [{ name: texts.name, documents: target.documents, passages: target.passages, rejects: target.rejects }]
      : [],
    carried: put && vectors ? [{ name: vectors.name, vectors: put.vectors.count }] : [],
  };
};
