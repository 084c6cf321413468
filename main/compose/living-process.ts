import { existsSync, readFileSync } from 'node:fs';
import { asTenkyoError, TenkyoError } from '../../src/errors.ts';
import type { HiddenDocument } from '../../src/store/admin-records.ts';
import type { HiddenRepository } from '../../src/store/admin-store.ts';
import type { ExportKind, ExportRecords, ExportsRepository } from '../../src/store/export-records.ts';
import type { ControlAddress } from './control-server.ts';
import type { ProcessFacts } from './process-file.ts';

/** What commands read of the records. */
export interface CommandRecords {
  readonly exports: ExportsRepository;
  readonly hidden: Pick<HiddenRepository, 'everywhere'>;
}

/** Where the process that wrote the file answers commands; null: there is no such file, or it answers none. */
export const controlOf = (file: string): ControlAddress | null =>
  existsSync(file) ? ((JSON.parse(readFileSync(file, 'utf8')) as ProcessFacts).control ?? null) : null;

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let held = '';
  for await (const bytes of body) {
    const lines = (held + decoder.decode(bytes, { stream: true })).split('\n');
    held = lines.pop() ?? '';
    yield* lines;
  }
}

/** The records as the living process gives them. */
export const livingRecords = ({ url, token }: ControlAddress): CommandRecords => {
  async function* read<Item>(path: string): AsyncGenerator<Item> {
    try {
      const response = await fetch(`${url}/${path}`, { headers: { authorization: `Bearer ${token}` } });
      if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
      for await (const line of linesOf(response.body)) yield JSON.parse(line) as Item;
    } catch (cause) {
      throw new TenkyoError('server_unreachable', 'the running Tenkyo did not give its records to the end', {
        where: url,
        found: asTenkyoError(cause).message,
        remedy: 'Try again; if it goes on, stop Tenkyo and run the command then.',
        cause,
      });
    }
  }
  return {
    exports: { read: <Kind extends ExportKind>(kind: Kind) => read<ExportRecords[Kind]>(`records/${kind}`) },
    hidden: { everywhere: () => Array.fromAsync(read<HiddenDocument>('hidden')) },
  };
};
