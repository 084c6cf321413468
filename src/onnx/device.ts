import { existsSync } from 'node:fs';
import type { OnnxDevice } from './protocol.ts';
import { modelOptions } from './runtime.ts';

/** What an NVIDIA driver makes: on Linux itself, and on Linux under Windows. */
const driverFiles = ['/dev/nvidiactl', '/dev/dxg'];

/** Whether the machine has a driver through which CUDA may be reached; whether it can be is seen by trying. */
export const mayHaveCuda = (exists: (file: string) => boolean = existsSync): boolean => driverFiles.some(exists);

export interface LoadedOn<Model> {
  readonly model: Model;
  readonly device: OnnxDevice;
  /** Why it is not on the GPU although there is one; null: it is, or there is none. */
  readonly refusal: string | null;
}

/**
 * Loads a model on the GPU where that works, else on the CPU: the runtime may have been installed without its CUDA
 * library, or for another version of CUDA than the machine has.
 */
export const loadOnBestDevice = async <Model>(
  load: (options: Omit<typeof modelOptions, 'device'> & { readonly device: OnnxDevice }) => Promise<Model>,
  tryCuda: boolean = mayHaveCuda(),
): Promise<LoadedOn<Model>> => {
  let refusal: string | null = null;
  if (tryCuda) {
    try {
      return { model: await load({ ...modelOptions, device: 'cuda' }), device: 'cuda', refusal };
    } catch (error) {
      refusal = error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error);
    }
  }
  return { model: await load(modelOptions), device: 'cpu', refusal };
};
