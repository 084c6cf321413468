import type { PreTrainedTokenizer } from '@huggingface/transformers';
import { TenkyoError } from '../errors.ts';
import { checkTokenizerFolder, corruptModelFile } from './model-folder.ts';
import type { TemplateMessage } from './protocol.ts';
import { modelOptions, type Runtime } from './runtime.ts';

/** A model's tokenizer and its chat template. */
export interface Tokenizer {
  /** Tokens of a prompt: special ones in the text count as such, and the token that begins a text stands before them. */
  encode(text: string): number[];
  /** Text of some tokens, special ones left out. */
  decode(tokens: readonly number[]): string;
  /** A conversation by the chat template, up to where the answer begins; without the token that begins a text. */
  render(messages: readonly TemplateMessage[]): string;
  readonly endToken: number | null;
}

/** @throws TenkyoError `file_missing`, `file_corrupt` */
export const loadTokenizer = async ({ library }: Runtime, path: string): Promise<Tokenizer> => {
  const { tokenizerFile, configFile } = await checkTokenizerFolder(path);
  const tokenizer = await library.AutoTokenizer.from_pretrained(path, modelOptions).catch((error: unknown) => {
    throw corruptModelFile(tokenizerFile, 'a tokenizer that transformers.js reads', String(error), error);
  });
  const bare = (text: string): number[] => tokenizer.encode(text, { add_special_tokens: false });
  const begin = beginningOf(tokenizer);

  return {
    encode: (text) => (begin === null ? bare(text) : [begin.id, ...bare(text)]),
    decode: (tokens) =>
      tokenizer.decode([...tokens], { skip_special_tokens: true, clean_up_tokenization_spaces: false }),
    render(messages) {
      if (!tokenizer.chat_template) {
        throw new TenkyoError('config_invalid', 'the tokenizer has no chat template', {
          where: configFile,
          expected: '"chat_template"',
          found: 'none',
          remedy: 'Name the template that the model was tuned on, with `template`.',
        });
      }
      const text = tokenizer.apply_chat_template([...messages], { tokenize: false, add_generation_prompt: true });
      if (typeof text !== 'string') throw corruptModelFile(configFile, 'a chat template that gives text', typeof text);
      return begin !== null && text.startsWith(begin.text) ? text.slice(begin.text.length) : text;
    },
    endToken: tokenizer.eos_token_id ?? null,
  };
};

/** The token that the tokenizer puts before every text; null: it puts none. */
const beginningOf = (tokenizer: PreTrainedTokenizer): { readonly id: number; readonly text: string } | null => {
  const [first] = tokenizer.encode('', { add_special_tokens: true });
  const text = tokenizer.bos_token;
  if (first === undefined || !text) return null;
  const [id] = tokenizer.encode(text, { add_special_tokens: false });
  return id === first ? { id, text } : null;
};
