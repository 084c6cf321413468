import { asTenkyoError } from '../../errors.ts';
import type { AttachedFile, Locale } from '../../store/records.ts';
import type { BuiltPrompt } from '../build-prompt.ts';
import { cutFiles, questionWithFiles } from './with-files.ts';

/** Fewer characters of a file say nothing. */
const leastText = 100;
/** How much shorter each try is. */
const shrink = 0.6;

/**
 * A prompt with as much of the files as the model has room for, the answer's room kept: earlier turns go first, then
 * the ends of the files; the question stays.
 *
 * @param build makes the prompt of a question. Throws `prompt_too_long` when it has no room
 * @param enough tokens that the answer should have
 * @returns `files`: what of them the prompt holds
 */
export const promptWithFiles = async ({
  question,
  files,
  locale,
  enough,
  build,
}: {
  readonly question: string;
  readonly files: readonly AttachedFile[];
  readonly locale: Locale;
  readonly enough: number;
  readonly build: (question: string) => Promise<BuiltPrompt>;
}): Promise<BuiltPrompt & { readonly files: readonly AttachedFile[] }> => {
  if (files.length === 0) return { ...(await build(question)), files };
  let most = files.reduce((sum, { text }) => sum + text.length, 0);
  for (;;) {
    const held = cutFiles(files, most);
    const last = most * shrink < leastText;
    try {
      const built = await build(questionWithFiles(question, held, locale));
      if (last || built.maxTokens >= enough) return { ...built, files: held };
    } catch (error) {
      if (last || asTenkyoError(error).code !== 'prompt_too_long') throw error;
    }
    most = Math.floor(most * shrink);
  }
};
