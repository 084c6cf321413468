import { type Clock, systemClock } from '../../clock.ts';
import { TenkyoError } from '../../errors.ts';
import type { OnnxHost } from '../../onnx/host.ts';
import { checkModelFolder, corruptModelFile } from '../../onnx/model-folder.ts';
import type { FinishReason, Generator, TokenCounter, Usage } from '../generator.ts';
import { createWritingGuard, defaultWritingLimits, type WritingLimits } from '../writing-guard.ts';

export interface OnnxGenerator extends Generator, TokenCounter {
  /** Loads the model ahead of the first question. */
  load(): Promise<void>;
}

export interface OnnxGeneratorOptions {
  readonly host: OnnxHost;
  /** Folder in the transformers.js layout, with 8-bit weights. */
  readonly path: string;
  readonly limits?: Partial<WritingLimits>;
  readonly clock?: Clock;
}

/**
 * A generator on a local ONNX model. Any number of requests may run at once: they take turns token by token.
 *
 * @throws TenkyoError `file_missing` or `file_corrupt` when the model's folder isn't whole; the model itself loads later
 */
export const createOnnxGenerator = async ({
  host,
  path,
  limits,
  clock = systemClock,
}: OnnxGeneratorOptions): Promise<OnnxGenerator> => {
  const { contextLength } = await checkModelFolder(path);
  if (contextLength === null) {
    throw corruptModelFile(`${path}/config.json`, 'max_position_embeddings, a whole number', 'none');
  }
  const allLimits = { ...defaultWritingLimits, ...limits };
  const closing = new AbortController();

  return {
    contextLength,

    async load() {
      await host.load('language', path);
    },

    count: (text) => host.count(path, text),

    async *generate({ signal, ...task }) {
      const started = clock.now();
      const guard = createWritingGuard(allLimits);
      const late = new AbortController();
      const done = new AbortController();
      clock.sleep(allLimits.maxSeconds * 1000, done.signal).then(
        () => late.abort(),
        () => undefined,
      );

      let usage = { promptTokens: 0, completionTokens: 0 };
      const end = (finish: FinishReason): { type: 'end'; finish: FinishReason; usage: Usage } => ({
        type: 'end',
        finish,
        usage: { ...usage, seconds: (clock.now() - started) / 1000 },
      });
      try {
        const pieces = host.generate({ ...task, path }, AbortSignal.any([signal, late.signal, closing.signal]));
        for await (const { promptTokens, completionTokens, ...piece } of pieces) {
          usage = { promptTokens, completionTokens };
          if (piece.type === 'end') {
            yield end(piece.finish);
            return;
          }
          const { text, cut } = guard.admit(piece.text);
          if (text) yield { type: 'text', text };
          if (cut) {
            yield end(cut);
            return;
          }
        }
        throw new TenkyoError('model_failed', 'The model stopped in the middle of its answer.');
      } catch (error) {
        if (!late.signal.aborted || signal.aborted) throw error;
        if (usage.completionTokens === 0) throw tooSlow(allLimits.maxSeconds);
        yield end('length');
      } finally {
        done.abort();
      }
    },

    async close() {
      closing.abort(new TenkyoError('model_unavailable', 'The model is shut down.', { remedy: 'Start tenkyo again.' }));
    },
  };
};

const tooSlow = (seconds: number): TenkyoError =>
  new TenkyoError('model_failed', 'The model wrote nothing in the time it has.', {
    expected: `a first token within ${seconds} s`,
    remedy: 'Try again when the machine is less busy.',
  });
