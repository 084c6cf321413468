import type { PreTrainedModel, Tensor } from '@huggingface/transformers';
import { TenkyoError } from '../errors.ts';
import { type LoadedOn, loadOnBestDevice } from './device.ts';
import { checkModelFolder, corruptModelFile } from './model-folder.ts';
import type { TextFinish, TextTask, TokenUsage } from './protocol.ts';
import type { Runtime } from './runtime.ts';
import { sampleToken } from './sample-token.ts';
import { createTextStream } from './text-stream.ts';
import type { Tokenizer } from './tokenizer.ts';

export interface LanguageModel extends Omit<LoadedOn<unknown>, 'model'> {
  /**
   * Writes token by token; between two tokens the thread serves its other requests.
   *
   * @param onText gets each piece of text, whole characters only
   * @param stopped looked at before every token
   */
  generate(task: TextTask, onText: (text: string, usage: TokenUsage) => void, stopped: () => boolean): Promise<TextEnd>;
}

interface TextEnd extends TokenUsage {
  readonly finish: TextFinish;
}

/** A long prompt is read in parts of this many tokens: it bounds how long other requests wait, and the logits' memory. */
const promptPart = 128;

export const loadLanguageModel = async (
  runtime: Runtime,
  path: string,
  tokenizer: Tokenizer,
): Promise<LanguageModel> => {
  const { modelFile, contextLength } = await checkModelFolder(path);
  const { AutoModelForCausalLM, random } = runtime.library;
  const { model, device, refusal } = await loadOnBestDevice((options) =>
    runtime.native(() => AutoModelForCausalLM.from_pretrained(path, options)),
  ).catch((error: unknown) => {
    throw corruptModelFile(modelFile, 'a causal language model in ONNX', String(error), error);
  });
  const endTokens = findEndTokens(model, tokenizer);

  return {
    device,
    refusal,

    async generate(task, onText, stopped) {
      const prompt = tokenizer.encode(task.prompt);
      const room = (contextLength ?? Number.POSITIVE_INFINITY) - prompt.length;
      checkPrompt(prompt.length, room, contextLength);

      const limit = Math.min(task.maxTokens, room);
      const generator = new random.Random(task.seed);
      const stream = createTextStream(tokenizer.decode);
      const read = createReader(runtime, model);
      const usage = { promptTokens: prompt.length, completionTokens: 0 };

      let logits: Float32Array | undefined;
      for (let at = 0; at < prompt.length; at += promptPart) {
        if (stopped()) return { finish: 'stopped', ...usage };
        logits = await read(prompt.slice(at, at + promptPart));
      }
      while (logits && usage.completionTokens < limit) {
        if (stopped()) return { finish: 'stopped', ...usage };
        const token = sampleToken(logits, task, () => generator.random());
        if (endTokens.has(token)) return { finish: 'stop', ...usage };
        usage.completionTokens += 1;
        onText(stream.push(token), usage);
        if (usage.completionTokens < limit) logits = await read([token]);
      }
      return { finish: 'length', ...usage };
    },
  };
};

const checkPrompt = (tokens: number, room: number, contextLength: number | null): void => {
  if (tokens === 0) throw new TenkyoError('usage', 'The prompt is empty.', { expected: 'at least one token' });
  if (room < 1) {
    throw new TenkyoError('prompt_too_long', 'The prompt fills the whole context of the model.', {
      expected: `fewer than ${contextLength} tokens`,
      found: `${tokens} tokens`,
      remedy: 'Ask with fewer words.',
    });
  }
};

const findEndTokens = (model: PreTrainedModel, { endToken }: Tokenizer): Set<number> => {
  const configured: unknown = model.generation_config?.eos_token_id;
  const ids = [...(Array.isArray(configured) ? configured : [configured]), endToken];
  return new Set(ids.filter((id): id is number => typeof id === 'number'));
};

/** Feeds tokens to the model and keeps the keys and values of all it has read. Gives the logits after the last one. */
const createReader = ({ library, native }: Runtime, model: PreTrainedModel) => {
  const row = (values: BigInt64Array<ArrayBuffer>): Tensor => new library.Tensor('int64', values, [1, values.length]);
  let past: Record<string, Tensor> | null = null;
  let length = 0;

  return async (tokens: readonly number[]): Promise<Float32Array> => {
    length += tokens.length;
    const input = {
      input_ids: row(BigInt64Array.from(tokens, BigInt)),
      attention_mask: row(new BigInt64Array(length).fill(1n)),
      past_key_values: past,
    };
    const output: Record<string, Tensor> = await native(() => model.forward(input));
    past = {};
    for (const [name, tensor] of Object.entries(output)) {
      if (name.startsWith('present')) past[name.replace('present', 'past_key_values')] = tensor;
    }
    const { logits } = output;
    const vocabulary = logits?.dims.at(-1);
    if (!logits || !vocabulary || !(logits.data instanceof Float32Array)) {
      throw new TenkyoError('model_failed', 'The model gave no logits.');
    }
    return logits.data.subarray(-vocabulary);
  };
};
