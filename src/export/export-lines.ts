import { TenkyoError } from '../errors.ts';
import type { ExportKind, ExportsRepository } from '../store/export-records.ts';
import { type ExportFormat, formats, type LeftOut } from './formats.ts';
import { jsonLine } from './json-line.ts';
import type { Pseudonyms } from './pseudonyms.ts';

export interface ExportOptions<Kind extends ExportKind> {
  readonly source: ExportsRepository;
  readonly kind: Kind;
  readonly format: ExportFormat;
  readonly names: Pseudonyms;
  /** A record that gave no line. */
  readonly onLeftOut: (why: LeftOut) => void;
}

/** @throws TenkyoError `usage` when the records of this kind have no such format */
export const formatOf = <Kind extends ExportKind>(kind: Kind, format: ExportFormat) => {
  const found = formats[kind][format];
  if (found) return found;
  throw new TenkyoError('usage', `${kind} cannot be exported as ${format}`, {
    where: '--format',
    expected: Object.keys(formats[kind]).join(', '),
    found: format,
    remedy: 'Choose one of these; docs/export.md says what each holds.',
  });
};

/** The export, line by line, as the records are read. */
export async function* exportLines<Kind extends ExportKind>({
  source,
  kind,
  format,
  names,
  onLeftOut,
}: ExportOptions<Kind>): AsyncGenerator<string> {
  const present = formatOf(kind, format);
  for await (const record of source.read(kind)) {
    const exported = present(record, names);
    if ('line' in exported) yield jsonLine(exported.line);
    else onLeftOut(exported.leftOut);
  }
}
