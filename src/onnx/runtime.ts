import type { PretrainedModelOptions } from '@huggingface/transformers';
import { TenkyoError } from '../errors.ts';
import type { NativeGate } from './native-gate.ts';

export interface Runtime {
  readonly library: typeof import('@huggingface/transformers');
  /** Every call that reaches the native library goes through it. */
  readonly native: NativeGate['pass'];
}

/**
 * Loads the ONNX runtime's native library, and sets the transformers library to read local folders alone: nothing is
 * fetched, nothing is cached on disk. Those settings are the library's own and hold for the thread that calls this.
 */
export const loadRuntime = async (native: NativeGate['pass']): Promise<Runtime> => {
  const library = await native(() => import('@huggingface/transformers')).catch((error: unknown) => {
    throw new TenkyoError('model_unavailable', 'The ONNX runtime could not be loaded.', {
      where: `onnxruntime-node for ${process.platform} ${process.arch}, Node ${process.version}`,
      found: error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error),
      remedy:
        'Install again with `npm ci` on this machine (its native files differ by platform), then `tenkyo doctor`.',
      cause: error,
    });
  });
  const { env, LogLevel } = library;
  env.allowRemoteModels = false;
  env.useFSCache = false;
  env.useBrowserCache = false;
  env.useWasmCache = false;
  env.logLevel = LogLevel.ERROR;
  return { library, native };
};

/** One thread a session: more threads than free cores make it many times slower. */
export const modelOptions = {
  local_files_only: true,
  dtype: 'q8',
  device: 'cpu',
  session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
} as const satisfies PretrainedModelOptions;
