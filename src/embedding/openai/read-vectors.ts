import { z } from 'zod';
import { TenkyoError } from '../../errors.ts';

/** The part of an answer of `/v1/embeddings` that is read: vectors as numbers, or as base64 of little-endian floats. */
const answer = z.object({
  data: z.array(z.object({ index: z.int().min(0).optional(), embedding: z.union([z.array(z.number()), z.string()]) })),
});

const fromBase64 = (text: string): Float32Array => {
  const bytes = Buffer.from(text, 'base64');
  const vector = new Float32Array(Math.floor(bytes.length / Float32Array.BYTES_PER_ELEMENT));
  for (let index = 0; index < vector.length; index++) vector[index] = bytes.readFloatLE(index * 4);
  return vector;
};

/** At length 1; null where there is no direction. */
const unit = (vector: Float32Array): Float32Array | null => {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : null;
};

const misunderstood = (where: string, expected: string, found: string): TenkyoError =>
  new TenkyoError('embedding_unavailable', 'the embedding server gave an answer that is no list of vectors', {
    where,
    expected,
    found,
    remedy: 'Look whether `embedding.baseUrl` is an OpenAI-compatible server: it ends with /v1 as a rule.',
  });

/**
 * The vectors of an answer, in the order of the texts, L2-normalised; null for one of zeros.
 *
 * @throws TenkyoError `embedding_unavailable` for another shape, `config_invalid` for another number of dimensions
 */
export const readVectors = (
  body: string,
  { where, count, dimensions }: { where: string; count: number; dimensions: number },
): (Float32Array | null)[] => {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw misunderstood(where, 'JSON', body.trim() === '' ? 'nothing' : body.trim().slice(0, 80));
  }
  const parsed = answer.safeParse(value);
  if (!parsed.success) throw misunderstood(where, '{"data": [{"embedding": […]}]}', body.slice(0, 80));
  const { data } = parsed.data;
  if (data.length !== count) throw misunderstood(where, `${count} vectors`, `${data.length}`);
  const vectors = new Array<Float32Array | null>(count).fill(null);
  const seen = new Set<number>();
  for (const [place, { index = place, embedding }] of data.entries()) {
    if (index >= count || seen.has(index)) {
      throw misunderstood(where, `each index from 0 to ${count - 1} once`, `index ${index}`);
    }
    seen.add(index);
    const vector = typeof embedding === 'string' ? fromBase64(embedding) : Float32Array.from(embedding);
    if (vector.length !== dimensions) {
      throw new TenkyoError('config_invalid', "the embedding server's vectors have another length than configured", {
        where: 'embedding.dimensions',
        expected: `${dimensions} dimensions`,
        found: `${vector.length} dimensions from ${where}`,
        remedy: `Set embedding.dimensions to ${vector.length}, or name the model that gives ${dimensions}.`,
      });
    }
    if (!vector.every(Number.isFinite)) throw misunderstood(where, 'finite numbers', 'NaN or infinity');
    vectors[index] = unit(vector);
  }
  return vectors;
};
