import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Cli } from './cli.ts';

/** Columns a character takes in a terminal: two for East Asian wide and full-width ones (Unicode UAX #11). */
const characterWidth = (character: string): number =>
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
    character,
  )
    ? 2
    : 1;

const width = (text: string): number => Array.from(text).reduce((sum, character) => sum + characterWidth(character), 0);

const padTo = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - width(text)));

/** Rows as lines, each column as wide as its widest cell, two spaces between; the header's rule below it. */
export const tableLines = (rows: readonly (readonly string[])[]): string[] => {
  const [header] = rows;
  if (header === undefined) return [];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => padTo(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(header), widths.map((columns) => '─'.repeat(columns)).join('  '), ...rows.slice(1).map(line)];
};

/** The printing half of a `Cli`, on the process's own streams. */
export const terminalOutput = (
  out: NodeJS.WritableStream,
  err: { write(text: string): unknown },
): Pick<Cli, 'print' | 'json' | 'table' | 'note' | 'lines'> => ({
  print: (line) => void out.write(`${line}\n`),
  json: (value) => void out.write(`${JSON.stringify(value)}\n`),
  table: (rows) => void out.write(`${tableLines(rows).join('\n')}\n`),
  note: (line) => void err.write(`${line}\n`),
  lines: async (lines) => {
    let count = 0;
    const counted = async function* (): AsyncGenerator<string> {
      for await (const line of lines) {
        yield line;
        count += 1;
      }
    };
    try {
      await pipeline(Readable.from(counted()), out, { end: false });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
    }
    return count;
  },
});
