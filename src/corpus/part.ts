import type { FieldNames } from './fields.ts';
import type { SourceRule } from './source-rules.ts';

/** What a record is: a text, a row of a dump, a sequence of a token file, an example of tuning. */
export type CorpusFormat = CorpusPart['format'];

/** What a document was read for. */
export type DocumentKind = 'pretraining' | 'sft' | 'preference';

interface Files {
  /** Globs or paths, absolute. */
  readonly files: readonly string[];
  /** `sorted`: by path; `listed`: by the order of `files`, sorted within each of them. */
  readonly order: 'sorted' | 'listed';
  /** What names the files' sources, before their paths do. */
  readonly sources: readonly SourceRule[];
}

/** One document a line or row: texts, examples of instruction tuning, pairs of a better and a worse answer. */
export interface RecordPart extends Files {
  readonly format: 'jsonl' | 'sft' | 'preference';
  readonly fields: FieldNames;
}

/** LLM-jp's `used_data_*.jsonl`: one document an instance, in the iteration that read it. */
export interface DumpPart extends Files {
  readonly format: 'dump';
  /** Decodes rows without a text; null: those are rejected. */
  readonly tokenizer: string | null;
  /** Tokens of input in one instance: a row may hold the label behind them too. null: whatever a row holds. */
  readonly sequenceLength: number | null;
  /** Iterations of the run: rows beyond were loaded ahead and never trained on. */
  readonly iterations: number;
  /** What is added to the iterations of a fold's rows, the first rule that matches the file; 0 where none does. */
  readonly folds: readonly { readonly match: string; readonly iterationOffset: number }[];
}

/** Token files (`.idx` beside `.bin`), with the texts that they were made of or a tokenizer to decode them. */
export interface MegatronPart extends Files {
  readonly format: 'megatron';
  readonly fields: FieldNames;
  /** Globs of the tokenised text files; none: texts are decoded. */
  readonly texts: readonly string[];
  /** null: only where there are texts, which are then not compared with the tokens' count. */
  readonly tokenizer: string | null;
  /** Of Megatron's preprocessing, which deals lines round and puts the parts one behind the other. */
  readonly partitions: number;
}

/** A set of corpus files that are read alike. */
export type CorpusPart = RecordPart | DumpPart | MegatronPart;

export const kindOfPart = ({ format }: Pick<CorpusPart, 'format'>): DocumentKind =>
  format === 'sft' || format === 'preference' ? format : 'pretraining';
