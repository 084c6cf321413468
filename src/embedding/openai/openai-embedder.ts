import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Embedder } from '../embedder.ts';
import { inParallel } from '../in-parallel.ts';
import { batchesOf } from './batches.ts';
import { readVectors } from './read-vectors.ts';
import { postJson } from './request.ts';

export interface OpenAiEmbedderOptions {
  /** Address of the server's API, up to and with `/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey: string | null;
  /** What the model gives: looked at in every answer. */
  readonly dimensions: number;
  /** Ask for that many dimensions too (models trained to be cut short); other servers refuse the field. */
  readonly requestDimensions?: boolean;
  readonly queryPrefix: string;
  readonly passagePrefix: string;
  /** Send `input_type`, by which the server puts its own prefix. */
  readonly inputType?: boolean;
  readonly encoding?: 'base64' | 'float';
  /** Goes into the fingerprint: raise it when the server's weights change under the same name. */
  readonly revision?: string;
  /** UTF-16 units of a text that are sent, prefix included; the rest is left out. */
  readonly maxCharacters?: number;
  /** Texts of one request. */
  readonly batchSize?: number;
  /** Requests under way at once. */
  readonly concurrency?: number;
  readonly timeoutMs?: number;
  readonly clock: Clock;
  readonly random: () => number;
}

const charactersAtOnce = 40_000;
/** A build has time; a search has its deadline, within which it is better told what is wrong. */
const retries = { passage: 6, query: 1 };

const cut = (text: string, limit: number): string => {
  const end = /[\ud800-\udbff]/.test(text.charAt(limit - 1)) ? limit - 1 : limit;
  return text.length > limit ? text.slice(0, end) : text;
};

/**
 * An embedder on a server that speaks OpenAI's `POST /v1/embeddings` (vLLM, text-embeddings-inference, llama.cpp, …).
 * Asks nothing until it is used.
 */
export const createOpenAiEmbedder = ({
  baseUrl,
  model,
  apiKey,
  dimensions,
  requestDimensions = false,
  queryPrefix,
  passagePrefix,
  inputType = false,
  encoding = 'base64',
  revision = '',
  maxCharacters = 2_000,
  batchSize = 32,
  concurrency = 1,
  timeoutMs = 60_000,
  clock,
  random,
}: OpenAiEmbedderOptions): Embedder => {
  const url = `${baseUrl.replace(/\/+$/, '')}/embeddings`;
  const made = { model, revision, dimensions, requestDimensions, queryPrefix, passagePrefix, inputType, maxCharacters };
  return {
    dimensions,
    textsAtOnce: batchSize * concurrency,
    // The address isn't part of it: the same model may move.
    fingerprint: createHash('sha256')
      .update(JSON.stringify({ provider: 'openai', ...made }))
      .digest('hex'),

    embed: async (texts, role, { signal } = {}) => {
      const prefix = role === 'query' ? queryPrefix : passagePrefix;
      const vectors = new Array<Float32Array | null>(texts.length).fill(null);
      const filled = [...texts.keys()].filter((index) => texts[index]!.trim() !== '');
      const inputs = filled.map((index) => cut(prefix + texts[index]!.toWellFormed(), maxCharacters));
      const batches = batchesOf(inputs, { texts: batchSize, characters: charactersAtOnce });
      const embedBatch = async (batch: number[], both: AbortSignal): Promise<void> => {
        const request = {
          model,
          input: batch.map((place) => inputs[place]!),
          encoding_format: encoding,
          ...(inputType && { input_type: role }),
          ...(requestDimensions && { dimensions }),
        };
        const options = { url, apiKey, clock, random, timeoutMs, retries: retries[role], signal: both };
        const body = await postJson(request, options);
        const found = readVectors(body, { where: url, count: batch.length, dimensions });
        for (const [place, position] of batch.entries()) vectors[filled[position]!] = found[place]!;
      };
      // One batch that fails for good ends the others.
      await inParallel(batches, concurrency, embedBatch, signal);
      return vectors;
    },

    close: async () => undefined,
  };
};
