import { defaultFields, type FieldNames } from '../corpus/fields.ts';
import type { CorpusFormat, CorpusPart } from '../corpus/part.ts';
import { type CorpusDeclared, type DocumentsDeclared, type ReadingDeclared, readingKeys } from './corpus-schema.ts';
import { type Problem, showValue } from './problems.ts';

const always = ['format', 'order', 'sources'] as const;
const ofRecords = [...always, 'fields'] as const;

/** What says something of a format; anything else would be passed over without a word. */
const keysOf: Readonly<Record<CorpusFormat, readonly (keyof ReadingDeclared)[]>> = {
  jsonl: ofRecords,
  sft: ofRecords,
  preference: ofRecords,
  dump: [...always, 'tokenizer', 'sequenceLength', 'iterations', 'folds'],
  megatron: [...ofRecords, 'texts', 'tokenizer', 'partitions'],
};

const formatOf = (corpus: CorpusDeclared, documents: DocumentsDeclared): CorpusFormat =>
  documents.format ?? corpus.format ?? 'jsonl';

/** What zod can't see in a corpus: what says nothing of its format, and what a format can't do without. */
export const corpusProblems = (corpus: CorpusDeclared, path: string): Problem[] => {
  const problems: Problem[] = [];
  const formats = corpus.documents.map((documents) => formatOf(corpus, documents));
  const refuse = (at: string, value: unknown, formatsThere: readonly CorpusFormat[]): void => {
    const expected = `nothing: it says nothing of the format ${[...new Set(formatsThere)].join(', ')}`;
    problems.push({ path: at, found: showValue(value), expected });
  };
  for (const key of readingKeys) {
    if (corpus[key] !== undefined && !formats.some((format) => keysOf[format].includes(key))) {
      refuse(`${path}.${key}`, corpus[key], formats);
    }
  }
  for (const [index, documents] of corpus.documents.entries()) {
    const format = formats[index]!;
    for (const key of readingKeys) {
      if (documents[key] === undefined || keysOf[format].includes(key)) continue;
      refuse(`${path}.documents[${index}].${key}`, documents[key], [format]);
    }
    if (format === 'dump' && (documents.iterations ?? corpus.iterations) === undefined) {
      const expected = 'how many iterations the run has';
      problems.push({ path: `${path}.documents[${index}].iterations`, found: 'nothing', expected });
    }
    const texts = documents.texts ?? corpus.texts;
    if (format === 'megatron' && texts === undefined && (documents.tokenizer ?? corpus.tokenizer) === undefined) {
      const expected = '`texts` or a `tokenizer` to read the texts from';
      problems.push({ path: `${path}.documents[${index}]`, found: 'neither', expected });
    }
  }
  return problems;
};

const fieldsOf = (declared: ReadingDeclared['fields'] = {}): FieldNames => {
  const given = Object.entries(declared).filter(([, places]) => places !== undefined);
  return { ...defaultFields, ...Object.fromEntries(given) };
};

/** The parts of a corpus: each with what its own documents say, else the corpus, else what is usual. */
export const partsOf = (corpus: CorpusDeclared, absolute: (path: string) => string): CorpusPart[] =>
  corpus.documents.map((documents): CorpusPart => {
    const { files, source } = documents;
    const { order = 'sorted', sources = [], ...given }: ReadingDeclared = { ...corpus, ...documents };
    const tokenizer = given.tokenizer === undefined ? null : absolute(given.tokenizer);
    const shared = {
      files: files.map(absolute),
      order,
      sources: source === undefined ? sources : [...sources, { match: '*', source }],
    };
    const format = formatOf(corpus, documents);
    switch (format) {
      case 'dump': {
        const { sequenceLength = null, iterations = 0, folds = [] } = given;
        return { ...shared, format, tokenizer, sequenceLength, iterations, folds };
      }
      case 'megatron': {
        const { texts = [], partitions = 1 } = given;
        const fields = fieldsOf(given.fields);
        return { ...shared, format, fields, texts: texts.map(absolute), tokenizer, partitions };
      }
      default:
        return { ...shared, format, fields: fieldsOf(given.fields) };
    }
  });
