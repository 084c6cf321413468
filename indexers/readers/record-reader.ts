import { documentOf, type FieldNames } from '../../src/corpus/fields.ts';
import type { RecordPart } from '../../src/corpus/part.ts';
import { placeIn, readOf } from '../../src/corpus/read.ts';
import { preferenceText, sftText } from '../../src/corpus/tuning.ts';
import type { CorpusReader } from './reader.ts';
import { countRecords, readRecords } from './records.ts';

const textMaker = (format: RecordPart['format'], fields: FieldNames) =>
  format === 'jsonl' ? undefined : (format === 'sft' ? sftText : preferenceText)(fields);

/** One document a line or row: LLM-jp's and Hugging Face's layouts, examples of tuning, pairs of answers. */
export const createRecordReader = ({ format, fields }: Pick<RecordPart, 'format' | 'fields'>): CorpusReader => {
  const makeText = textMaker(format, fields);
  return {
    count: ({ path }, { signal }) => countRecords(path, { signal }),
    read: async function* (file, options) {
      for await (const record of readRecords(file.path, options)) {
        const { content, number } = record;
        const found =
          'fault' in content ? content.fault : documentOf(content.value, placeIn(file, number), fields, makeText);
        yield readOf(file.path, record, found);
      }
    },
  };
};
