import { createWriteStream } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { TenkyoError } from '../errors.ts';
import { checkModelFolder, usualWeights } from './model-folder.ts';

export interface HubModel {
  /** `owner/name`. */
  readonly id: string;
  /** A commit, tag or branch; only a commit stays what it is. */
  readonly revision: string;
  /** Address of the hub, without a slash at its end. */
  readonly endpoint: string;
}

/** What is fetched, and which settings name it. */
interface HubPart {
  /** Where the model is configured; default: `embedding`. */
  readonly setting?: string;
  /** Name of its weights in `onnx/`, without the ending. */
  readonly weights?: string;
}

/** The parts of the transformers.js layout that an encoder needs, the weights last: they are the bulk. */
const filesOf = ({ weights = usualWeights }: HubPart): string[] => [
  'config.json',
  'tokenizer_config.json',
  'tokenizer.json',
  `onnx/${weights}.onnx`,
];

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Where a hub's model is kept among others: one folder a revision. */
export const hubModelFolder = (directory: string, { id, revision }: Pick<HubModel, 'id' | 'revision'>): string =>
  join(directory, `${id.replaceAll('/', '--')}@${revision.replaceAll('/', '--')}`);

const unavailable = (where: string, folder: string, found: string, cause?: unknown): TenkyoError =>
  new TenkyoError('model_unavailable', 'a model could not be fetched from its hub', {
    where,
    expected: 'the file of the model',
    found,
    remedy: `Connect this machine to the hub once, or copy the model's folder to ${folder} by hand.`,
    cause,
  });

const absent = (where: string, { id, revision }: HubModel, part: HubPart): TenkyoError => {
  const { setting = 'embedding' } = part;
  return new TenkyoError('config_invalid', 'the hub has no such file of the model', {
    where,
    expected: `${filesOf(part).join(', ')} in ${id} at ${revision}`,
    found: 'status 404',
    remedy: `Correct \`${setting}.hub\` and \`${setting}.revision\`: the model must be in the transformers.js layout, 8-bit.`,
  });
};

const fetchFile = async (
  model: HubModel,
  { file, to, folder, part }: { file: string; to: string; folder: string; part: HubPart },
): Promise<void> => {
  const where = `${model.endpoint}/${model.id}/resolve/${encodeURIComponent(model.revision)}/${file}`;
  const answer = await fetch(where).catch((error: unknown) => {
    const { cause, message } = error as { cause?: { code?: unknown }; message?: unknown };
    throw unavailable(where, folder, String(cause?.code ?? message), error);
  });
  if (answer.status === 404) throw absent(where, model, part);
  const type = answer.headers.get('content-type') ?? '';
  if (!answer.ok || !answer.body) throw unavailable(where, folder, `status ${answer.status}`);
  if (type.startsWith('text/html')) throw unavailable(where, folder, 'a page of HTML');
  await mkdir(dirname(to), { recursive: true });
  try {
    await pipeline(Readable.fromWeb(answer.body as ReadableStream), createWriteStream(to));
  } catch (error) {
    throw unavailable(where, folder, 'a connection that ended early', error);
  }
};

/**
 * Fetches a model from its hub into a folder, once: afterwards nothing is asked of the hub again. The folder appears
 * whole or not at all.
 *
 * @throws TenkyoError `model_unavailable` (offline, refused), `config_invalid` (no such model), `file_corrupt`
 */
export const fetchHubModel = async (model: HubModel, folder: string, part: HubPart = {}): Promise<void> => {
  if (await isThere(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  const half = await mkdtemp(`${folder}.half-`);
  try {
    for (const file of filesOf(part)) await fetchFile(model, { file, to: join(half, file), folder, part });
    await checkModelFolder(half, part.weights);
    await rename(half, folder).catch(async (error: unknown) => {
      // Another process was quicker.
      if (!(await isThere(folder))) throw error;
    });
  } finally {
    await rm(half, { recursive: true, force: true });
  }
};
