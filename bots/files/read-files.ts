import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { decodeText } from '../../src/chat/files/decode-text.ts';
import { fileKind } from '../../src/chat/files/file-kind.ts';
import { fileLimits } from '../../src/chat/files/file-limits.ts';
import type { PdfReader } from '../../src/chat/files/read-pdf.ts';
import type { AttachedFile } from '../../src/store/records.ts';
import type { Logger } from '../../src/telemetry/log.ts';
import { graphemeBoundary } from '../../src/text/graphemes.ts';
import { fetchFile } from './fetch-file.ts';

/** Why a file is not read. */
type DeclineReason = 'kind' | 'size' | 'count' | 'unreadable' | 'unreachable' | 'empty';

interface DeclinedFile {
  readonly name: string;
  readonly why: DeclineReason;
}

export interface ReadFiles {
  readonly files: readonly AttachedFile[];
  readonly declined: readonly DeclinedFile[];
}

/** https://docs.slack.dev/reference/objects/file-object */
const slackFile = z.object({
  id: z.string(),
  name: z.string().nullish(),
  title: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().nullish(),
  mode: z.string().nullish(),
  file_access: z.string().nullish(),
  url_private_download: z.string().nullish(),
  url_private: z.string().nullish(),
});
type SlackFile = z.infer<typeof slackFile>;

const nameOf = ({ name, title, id }: SlackFile): string => (name || title || id).toWellFormed();

/** The attachments of a message as text, as far as they are read. */
export const readFiles = async (
  given: readonly unknown[],
  { client, pdf, logger }: { readonly client: WebClient; readonly pdf: PdfReader; readonly logger: Logger },
): Promise<ReadFiles> => {
  const read = async (shown: SlackFile): Promise<AttachedFile | DeclineReason> => {
    // Of a file from elsewhere the event says nothing but the id.
    const more = shown.file_access === 'check_file_info' ? (await client.files.info({ file: shown.id })).file : shown;
    const file = slackFile.parse(more);
    const kind = fileKind({ name: nameOf(file), mimetype: file.mimetype ?? '' });
    if (kind === null || file.mode === 'external') return 'kind';
    const most = kind === 'pdf' ? fileLimits.pdfBytes : fileLimits.textBytes;
    const url = file.url_private_download ?? file.url_private;
    if ((file.size ?? 0) > most) return 'size';
    if (!url) return 'unreachable';
    const bytes = await fetchFile(url, client, most);
    if (bytes === null) return 'size';
    const found =
      kind === 'pdf' ? await pdf.read(bytes) : ((text) => text !== null && { text, cut: false })(decodeText(bytes));
    if (!found) return 'unreadable';
    const whole = found.text.trim();
    if (whole === '') return 'empty';
    const { characters } = fileLimits;
    const text = whole.length <= characters ? whole : whole.slice(0, graphemeBoundary(whole, characters, 0));
    return { name: nameOf(file), text, cut: found.cut || text.length < whole.length };
  };

  const files: AttachedFile[] = [];
  const declined: DeclinedFile[] = [];
  for (const [index, one] of given.entries()) {
    const parsed = slackFile.safeParse(one);
    if (!parsed.success || parsed.data.mode === 'tombstone') continue;
    const name = nameOf(parsed.data);
    const result: AttachedFile | DeclineReason =
      index >= fileLimits.files
        ? 'count'
        : await read(parsed.data).catch((error: unknown) => {
            logger.warn({ err: error, file: parsed.data.id }, 'a file could not be fetched');
            return 'unreachable' as const;
          });
    if (typeof result === 'string') declined.push({ name, why: result });
    else files.push(result);
  }
  return { files, declined };
};
