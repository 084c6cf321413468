/**
 * One part of `bench/index-build.ts`, in a process of its own: writes the corpus, builds its index, or does no more
 * than the work itself. Prints one line of JSON.
 */
import { once } from 'node:events';
import { createReadStream, createWriteStream, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { finished } from 'node:stream/promises';
import { buildIndex } from '../indexers/build-index.ts';
import { systemClock } from '../src/clock.ts';
import { chunk } from '../src/corpus/chunk.ts';
import { createOnnxEmbedder } from '../src/embedding/onnx/onnx-embedder.ts';
import { createOnnxHost } from '../src/onnx/host.ts';
import { createTables } from '../src/search/embedded/schema.ts';
import { sentenceRanges } from '../src/text/sentences.ts';
import { keywordTokens } from '../src/text/tokens.ts';
import { peakMemory } from '../test/support/peak-memory.ts';

const [task = '', folder = '', argument = '', embeds = ''] = process.argv.slice(2);
const corpus = join(folder, 'corpus.jsonl');
const demonstration = new URL('../demo/corpus/', import.meta.url);
const models = new URL('../demo/models/embedder', import.meta.url);

/** Numbers from 0 to 1 that are the same each time (a linear congruential generator). */
const seeded = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

/** Documents of 3 to 22 sentences of the demonstration, until there are so many passages. */
const writeCorpus = async (passages: number): Promise<unknown> => {
  const sentences = readdirSync(demonstration).flatMap((name) =>
    readFileSync(new URL(name, demonstration), 'utf8')
      .trim()
      .split('\n')
      .flatMap((line) => {
        const { text } = JSON.parse(line) as { text: string };
        return sentenceRanges(text).map(([start, end]) => text.slice(start, end));
      }),
  );
  const random = seeded(42);
  const out = createWriteStream(corpus);
  let documents = 0;
  let made = 0;
  for (; made < passages; documents++) {
    const count = 3 + Math.floor(random() * 20);
    const text = Array.from({ length: count }, () => sentences[Math.floor(random() * sentences.length)]).join('');
    made += chunk({ source: 'corpus', sequence: documents, text }).length;
    const line = `${JSON.stringify({ text, meta: { title: `第${documents}号` } })}\n`;
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await finished(out);
  return { documents, passages: made };
};

const openEmbedder = async () => {
  if (embeds === '') return { embedder: null, close: async () => undefined };
  const host = createOnnxHost();
  const embedder = await createOnnxEmbedder({ host, path: models.pathname, queryPrefix: '', passagePrefix: '' });
  await embedder.embed(['温める'], 'passage');
  return { embedder, close: () => host.close() };
};

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** What `tenkyo index` does, from the first look at the file to the finished index. */
const build = async (threads: string): Promise<unknown> => {
  const { embedder, close } = await openEmbedder();
  const directory = join(folder, 'index');
  let textsCpu = 0;
  const began = performance.now();
  const { manifest } = await buildIndex({
    corpus: { name: 'bench', documents: corpus },
    embedder,
    directory,
    clock: systemClock,
    progress: ({ step, done, total }) => {
      if (step === 'texts' && done === total) textsCpu = cpuSeconds();
    },
    ...(threads !== '' && { threads: Number(threads) }),
  });
  const seconds = (performance.now() - began) / 1_000;
  await close();
  rmSync(directory, { recursive: true });
  return { seconds, textsCpu, passages: manifest.passages, bytes: manifest.databaseBytes };
};

/** The loop: cut, tokenise, insert a thousand documents a transaction (and embed). Reading the file is not counted. */
const loop = async (): Promise<unknown> => {
  const { embedder, close } = await openEmbedder();
  const file = join(folder, 'loop.sqlite');
  const database = new DatabaseSync(file);
  database.exec('pragma journal_mode = wal; pragma synchronous = off');
  createTables(database);
  const insertDocument = database.prepare(
    "insert into documents (id, source, sequence, text, title, meta) values (?, 'corpus', ?, ?, ?, '{}')",
  );
  const insertPassage = database.prepare('insert into passages (document, start, "end", tokens) values (?, ?, ?, ?)');
  const insertTokens = database.prepare('insert into keyword (rowid, tokens) values (?, ?)');
  const insertVector = database.prepare('insert into vectors (passage, vector) values (?, ?)');
  let milliseconds = 0;
  let sequence = 0;
  let passages = 0;
  let texts: string[] = [];
  const embed = async (): Promise<void> => {
    const vectors = await embedder!.embed(texts, 'passage');
    for (const [index, vector] of vectors.entries()) {
      if (vector) insertVector.run(passages - texts.length + index + 1, new Uint8Array(vector.buffer));
    }
    texts = [];
  };
  database.exec('begin');
  for await (const line of createInterface({ input: createReadStream(corpus) })) {
    const { text, meta } = JSON.parse(line) as { text: string; meta: { title: string } };
    const began = performance.now();
    const { lastInsertRowid } = insertDocument.run(`d${sequence}`, sequence, text, meta.title);
    const title = keywordTokens(meta.title);
    for (const passage of chunk({ source: 'corpus', sequence, text })) {
      const tokens = [...title, ...keywordTokens(passage.text)];
      const row = insertPassage.run(lastInsertRowid, passage.start, passage.end, tokens.length).lastInsertRowid;
      insertTokens.run(row, tokens.join(' '));
      passages++;
      if (embedder && texts.push(`${meta.title}\n${passage.text}`) === 32) await embed();
    }
    if (++sequence % 1_000 === 0) database.exec('commit; begin');
    milliseconds += performance.now() - began;
  }
  const began = performance.now();
  if (texts.length > 0) await embed();
  database.exec('commit');
  const seconds = (milliseconds + performance.now() - began) / 1_000;
  database.close();
  await close();
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
  return { seconds, passages };
};

const tasks: Record<string, (argument: string) => Promise<unknown>> = {
  write: (count) => writeCorpus(Number(count)),
  build,
  loop,
};
const found = await tasks[task]!(argument);
const measured = { cpu: cpuSeconds(), peak: peakMemory() };
console.log(JSON.stringify({ ...(found as object), ...measured }));
