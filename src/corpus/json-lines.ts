import { type Line, splitLines } from './lines.ts';
import { openBytes } from './open-bytes.ts';
import { type CorpusRecord, longestRecord, type ReadRecordsOptions } from './record.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

const parse = ({ bytes, length }: Line): CorpusRecord['content'] => {
  if (bytes === null) return { fault: `the line is ${length} bytes long, longer than the limit` };
  if (bytes.length === 0) return { fault: 'the line is empty' };
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { fault: 'not valid UTF-8' };
  }
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { fault: `not JSON: ${(error as Error).message}` };
  }
};

/**
 * Reads the lines of a JSONL file (`.gz` and `.zst` too), one after the other, holding one at a time. A line that is no
 * JSON keeps its number.
 *
 * @throws TenkyoError `file_missing`, `file_corrupt`; the signal's reason
 */
export async function* readJsonLines(
  file: string,
  { maximumBytes = longestRecord, from = 0, allowCut = false, signal }: ReadRecordsOptions = {},
): AsyncGenerator<CorpusRecord> {
  for await (const line of splitLines(openBytes(file, { allowCut, signal }), maximumBytes)) {
    signal?.throwIfAborted();
    if (line.number >= from) yield { number: line.number, bytes: line.length, content: parse(line) };
  }
}
