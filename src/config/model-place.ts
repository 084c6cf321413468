import { z } from 'zod';
import { type HubModel, hubModelFolder } from '../onnx/hub-model.ts';
import type { Problem } from './problems.ts';
import type { Environment } from './tokens.ts';

const usualHub = 'https://huggingface.co';

/** Settings that say where an ONNX model is: in a folder, or on a hub. */
export const modelPlace = (folder: string) => ({
  path: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: 'Folder of the model in the transformers.js layout; this or `hub`.',
      examples: [folder],
    }),
  hub: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, { error: 'owner/name' })
    .optional()
    .meta({
      description:
        'The model on a hub, `owner/name`; it is fetched once, into the data folder, where `path` is left out.',
      examples: ['owner/name-ONNX'],
    }),
  revision: z
    .string()
    .regex(/^\w[\w./-]{0,99}$/, { error: 'a commit, a tag or a branch' })
    .default('main')
    .describe('Of the model on the hub; a commit stays what it is, a branch is fetched as it is then.'),
});

interface DeclaredPlace {
  readonly path?: string | undefined;
  readonly hub?: string | undefined;
  readonly revision: string;
}

export interface PlaceContext {
  readonly absolute: (path: string) => string;
  /** Folder of models that are fetched. */
  readonly models: string;
  readonly env: Environment;
  /** What is wrong is added here. */
  readonly problems: Problem[];
}

/** The folder of a model, and the hub it is fetched from when it isn't there; null: none. */
export const placeOf = (
  setting: string,
  { path, hub: id, revision }: DeclaredPlace,
  { absolute, models, env, problems }: PlaceContext,
): { readonly path: string; readonly hub: HubModel | null } => {
  if ((id === undefined) === (path === undefined)) {
    problems.push({
      path: setting,
      found: id === undefined ? 'neither `path` nor `hub`' : 'both `path` and `hub`',
      expected: 'one of the two',
    });
  }
  if (id === undefined) return { path: absolute(path ?? '.'), hub: null };
  const endpoint = (env.HF_ENDPOINT?.trim() || usualHub).replace(/\/+$/, '');
  return { path: hubModelFolder(models, { id, revision }), hub: { id, revision, endpoint } };
};
