import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { TenkyoError } from '../../src/errors.ts';
import type { TokenDecoder } from '../../src/provenance/compare-texts.ts';

const unreadable = (path: string, cause: unknown): TenkyoError =>
  new TenkyoError('file_missing', 'The tokenizer of the run cannot be loaded', {
    where: path,
    expected: 'a folder with tokenizer.json and tokenizer_config.json',
    found: cause instanceof Error ? cause.message.split('\n')[0] : String(cause),
    remedy: 'Correct `tokenizer` in the run file, or leave it out: texts are then not compared.',
    cause,
  });

/**
 * The tokenizer of a run's token files, from a folder in the Hugging Face layout or its `tokenizer.json`.
 *
 * @throws TenkyoError `file_missing`
 */
export const loadTokenDecoder = async (path: string): Promise<TokenDecoder> => {
  let folder: string;
  try {
    const isFile = (await stat(path)).isFile();
    if (isFile && basename(path) !== 'tokenizer.json') throw new Error(basename(path));
    folder = isFile ? dirname(path) : path;
  } catch (cause) {
    throw unreadable(path, cause);
  }
  // Loaded here only: it brings a runtime for models with it, which no other part of this command needs.
  const { AutoTokenizer } = await import('@huggingface/transformers');
  try {
    const tokenizer = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
    const { eos_token_id } = tokenizer as { eos_token_id?: unknown };
    return {
      endOfDocument: typeof eos_token_id === 'number' ? eos_token_id : null,
      decode: (ids) =>
        ids.length === 0
          ? ''
          : tokenizer.decode([...ids], { skip_special_tokens: false, clean_up_tokenization_spaces: false }),
    };
  } catch (cause) {
    throw unreadable(path, cause);
  }
};
