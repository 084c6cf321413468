import { extname } from 'node:path';
import type { StoredFile } from '../state/files.ts';
import type { Workspace } from '../workspace.ts';

/** A file as the Web API and the events carry it: https://docs.slack.dev/reference/objects/file-object */
export const slackFile = ({ address }: Workspace, file: StoredFile): Record<string, unknown> => {
  const { id, name, mimetype, size, user, created } = file;
  const url = `${address()}/files-pri/${id}/${encodeURIComponent(name)}`;
  const seconds = Math.floor(created / 1_000);
  return {
    id,
    created: seconds,
    timestamp: seconds,
    name,
    title: name,
    mimetype,
    filetype: extname(name).slice(1).toLowerCase() || 'text',
    user,
    size,
    mode: 'hosted',
    is_external: false,
    is_public: true,
    editable: false,
    url_private: url,
    url_private_download: url,
    file_access: 'visible',
  };
};
