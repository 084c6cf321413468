import type { Read, SourceFile } from '../../src/corpus/read.ts';
import type { ReadRecordsOptions } from '../../src/corpus/record.ts';

/** A file of a corpus as a reader takes it. */
export interface PartFile extends SourceFile {
  /** Files that are read with it, in their order: token ids, texts. */
  readonly beside: readonly string[];
}

/**
 * Reads files of one format. Whatever their size, it holds no more than a record of them, or a row group. A record that
 * is no document comes as a reject with its place and the reason; a file that can't be read at all ends the reading.
 */
export interface CorpusReader {
  /**
   * Records of a file, from its head where that says so. Looks at what the file says of itself.
   *
   * @throws TenkyoError `file_missing`, `file_corrupt`, `config_invalid`; the signal's reason
   */
  count(file: PartFile, options: Pick<ReadRecordsOptions, 'signal'>): Promise<number>;
  /** Documents and rejects in the file's order. Throws as `count` does. */
  read(file: PartFile, options: ReadRecordsOptions): AsyncGenerator<Read>;
}
