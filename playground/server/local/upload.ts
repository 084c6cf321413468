import { getMimeType } from 'hono/utils/mime';
import type { SentFile } from '../../protocol/messages.ts';
import type { Member } from '../state/people.ts';
import type { Workspace } from '../workspace.ts';
import { LocalFault } from './request.ts';

/** Of one file. */
export const MOST_FILE_BYTES = 20 << 20;
const longestName = 255;

/** The name stands in the address, the bytes are the body. */
export const upload = (
  { store, ids, clock }: Workspace,
  person: Member,
  name: string,
  type: string | undefined,
  bytes: Uint8Array,
): SentFile => {
  const shown = name
    .replace(/[\\/\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, longestName);
  if (shown === '') throw new LocalFault(400, 'invalid_name', 'A file needs a name.');
  if (bytes.byteLength === 0) throw new LocalFault(400, 'empty_file', 'The file is empty.');
  // What says nothing more than that it is bytes is known better by its name.
  const given = type === 'application/octet-stream' ? undefined : /^[\w.+-]+\/[\w.+-]+$/.exec(type ?? '')?.[0];
  const file = {
    id: ids.of('F'),
    name: shown,
    mimetype: given ?? getMimeType(shown)?.split(';')[0] ?? 'application/octet-stream',
    size: bytes.byteLength,
    user: person.id,
    created: clock.now(),
  };
  store.transaction(() => store.files.add(file, bytes));
  return { id: file.id, name: file.name, mimetype: file.mimetype, size: file.size };
};
