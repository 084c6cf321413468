import type { PreTrainedTokenizer, Tensor } from '@huggingface/transformers';
import { TenkyoError } from '../errors.ts';
import { loadOnBestDevice } from './device.ts';
import { checkModelFolder, corruptModelFile } from './model-folder.ts';
import type { RankingTask } from './protocol.ts';
import { modelOptions, type Runtime } from './runtime.ts';

/** A cross-encoder: reads a query and a passage together, and says how well the one answers the other. */
export interface RankingModel {
  /**
   * @param pause awaited after each batch, with the milliseconds it took
   * @returns a number a text, in order: its logit, or with two labels the second's less the first's
   */
  rank(
    task: Pick<RankingTask, 'query' | 'texts' | 'maxTokens'>,
    stopped: () => boolean,
    pause: (ms: number) => Promise<void>,
  ): Promise<Float64Array<ArrayBuffer>>;
}

/** Pairs at once. On a CPU larger is no faster, and the thread's other requests wait longer. */
const batchSize = { cpu: 8, cuda: 64 };
/** Characters beyond which no text is tokenised at all. */
const charactersPerToken = 16;

/** Cuts texts to tokens. transformers.js would cut a pair at its end alone: a long query would leave no passage. */
const createCutter = (tokenizer: PreTrainedTokenizer) => {
  const lengthOf = (text: string): number => tokenizer.encode(text, { add_special_tokens: false }).length;
  const probe = '.';
  const special = tokenizer.encode(probe, { text_pair: probe }).length - 2 * lengthOf(probe);
  const cut = (text: string, tokens: number): { text: string; length: number } => {
    let left = text.slice(0, tokens * charactersPerToken);
    let length = lengthOf(left);
    for (; length > tokens; length = lengthOf(left)) left = left.slice(0, Math.floor((left.length * tokens) / length));
    return { text: left, length };
  };
  return { special, cut };
};

/** Its weights may have any name: then nothing is put behind it. */
const withWeights = <Options extends { dtype: string }>(options: Options, weights: string) => ({
  ...options,
  dtype: 'fp32' as const,
  model_file_name: weights,
});

export const loadRankingModel = async (runtime: Runtime, path: string, weights: string): Promise<RankingModel> => {
  const { modelFile, tokenizerFile, contextLength } = await checkModelFolder(path, weights);
  const { AutoTokenizer, AutoModelForSequenceClassification } = runtime.library;
  const tokenizer = await AutoTokenizer.from_pretrained(path, modelOptions).catch((error: unknown) => {
    throw corruptModelFile(tokenizerFile, 'a tokenizer that transformers.js reads', String(error), error);
  });
  const { model, device } = await loadOnBestDevice((options) =>
    runtime.native(() => AutoModelForSequenceClassification.from_pretrained(path, withWeights(options, weights))),
  ).catch((error: unknown) => {
    throw corruptModelFile(modelFile, 'a cross-encoder in ONNX', String(error), error);
  });
  const { special, cut } = createCutter(tokenizer);
  const longest = Math.min(
    contextLength ?? Number.POSITIVE_INFINITY,
    tokenizer.model_max_length ?? Number.POSITIVE_INFINITY,
  );

  return {
    async rank({ query: asked, texts, maxTokens }, stopped, pause) {
      const room = Math.max(2, Math.min(maxTokens, longest) - special);
      const query = cut(asked, Math.floor(room / 2));
      const passages = texts.map((text) => cut(text, room - query.length));
      // Pairs of like length together: a batch is as long as its longest.
      const order = [...passages.keys()].sort((a, b) => passages[a]!.length - passages[b]!.length);
      const scores = new Float64Array(texts.length);
      for (let at = 0; at < order.length && !stopped(); at += batchSize[device]) {
        const started = performance.now();
        const rows = order.slice(at, at + batchSize[device]);
        const input = tokenizer(
          rows.map(() => query.text),
          { text_pair: rows.map((index) => passages[index]!.text), padding: true, truncation: true },
        );
        const output: Record<string, Tensor | undefined> = await runtime.native(() => model(input));
        const logits = output.logits;
        const labels = logits?.dims.at(-1);
        if (!(logits?.data instanceof Float32Array) || logits.data.length !== rows.length * (labels === 2 ? 2 : 1)) {
          const found = logits ? `${logits.type} ${logits.dims.join(' × ')}` : Object.keys(output).join(', ');
          throw corruptModelFile(modelFile, 'logits of one label or two for each pair', found);
        }
        for (const [row, index] of rows.entries()) {
          scores[index] = labels === 2 ? logits.data[2 * row + 1]! - logits.data[2 * row]! : logits.data[row]!;
        }
        await pause(performance.now() - started);
      }
      const wrong = scores.findIndex((score) => !Number.isFinite(score));
      if (wrong >= 0) {
        throw new TenkyoError('model_failed', 'The reranker gave no number for a passage.', {
          where: modelFile,
          found: `${scores[wrong]}`,
        });
      }
      return scores;
    },
  };
};
