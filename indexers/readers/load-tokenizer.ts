import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Tokenizer } from '../../src/corpus/tokenizer.ts';
import { TenkyoError } from '../../src/errors.ts';

const unreadable = (path: string, cause: unknown): TenkyoError =>
  new TenkyoError('file_missing', 'The tokenizer cannot be loaded', {
    where: path,
    expected: 'a folder with tokenizer.json, or that file',
    found: cause instanceof Error ? cause.message.split('\n')[0] : String(cause),
    remedy: 'Correct `tokenizer`, or leave it out where texts are there.',
    cause,
  });

const readJson = async (file: string): Promise<object> => JSON.parse(await readFile(file, 'utf8')) as object;

/**
 * The tokenizer of a folder in the Hugging Face layout, or of its `tokenizer.json`. Nothing is fetched.
 *
 * @throws TenkyoError `file_missing`
 */
export const loadTokenizer = async (path: string): Promise<Tokenizer> => {
  try {
    const isFile = (await stat(path)).isFile();
    if (isFile && basename(path) !== 'tokenizer.json') throw new Error(basename(path));
    const folder = isFile ? dirname(path) : path;
    const content = await readJson(join(folder, 'tokenizer.json'));
    const settings = await readJson(join(folder, 'tokenizer_config.json')).catch(() => ({}));
    // Loaded here only: it brings a runtime for models with it, which nobody needs who reads texts.
    const { PreTrainedTokenizer } = await import('@huggingface/transformers');
    const tokenizer = new PreTrainedTokenizer(content, settings);
    const { eos_token_id } = tokenizer as { eos_token_id?: unknown };
    const known = new Set(tokenizer.get_vocab().values());
    const check = (ids: readonly number[]): void => {
      const unknown = ids.find((id) => !known.has(id));
      if (unknown !== undefined) throw new Error(`the tokenizer has no token ${unknown}`);
    };
    return {
      endOfDocument: typeof eos_token_id === 'number' ? eos_token_id : null,
      decode: (ids) => {
        // It would leave them out without a word.
        check(ids);
        const options = { skip_special_tokens: false, clean_up_tokenization_spaces: false };
        return ids.length === 0 ? '' : tokenizer.decode([...ids], options);
      },
      count: (text) => tokenizer.encode(text, { add_special_tokens: false }).length,
    };
  } catch (cause) {
    throw unreadable(path, cause);
  }
};
