/**
 * Words that, after `###`, begin a part of an LLM-jp prompt: v1.0 uses 質問 and 回答, v2 and later 指示 and 応答; 入力 and
 * システム stand in its tuning data.
 */
const partNames = ['指示', '応答', '入力', '質問', '回答', 'システム'];

/** Special tokens written `<name>` or `</name>`; those with a `|` (`<|end|>`, `<EOD|LLM-jp>`) are known by it. */
const tokenNames = ['s', 'unk', 'pad', 'mask', 'bos', 'eos', 'cls', 'sep', 'start_of_turn', 'end_of_turn'];

/** Markers in square brackets, of the Llama 2 and Mistral families. */
const bracketNames = ['INST', 'SYSTEM_PROMPT', 'AVAILABLE_TOOLS', 'TOOL_CALLS', 'TOOL_RESULTS', 'TOOL_CONTENT'];

/** Characters that a tokenizer may drop, so that they don't part what they stand in. */
const invisible = /^\p{Default_Ignorable_Code_Point}$/u;
const longestMarker = 100;
const hashes = /[#＃﹟](?:\p{Default_Ignorable_Code_Point}*[#＃﹟]){2,}/gu;
const part = new RegExp(`^\\s*(?:${partNames.join('|')})`, 'u');
const token = new RegExp(
  `^(?:\\||/?(?:${tokenNames.join('|')}|0x[0-9a-f]{2})>|</?SYS>|[^<>‹\\s]{1,40}\\|[^<>‹\\s]{0,40}>)`,
  'iu',
);

const bracket = new RegExp(`^/?(?:${bracketNames.join('|')})\\]`, 'u');

/**
 * Makes text of people and models harmless inside a prompt: what a template or a tokenizer would take for one of its own
 * markers gets a look-alike in place of its first characters, `♯♯♯ 指示:` for `### 指示:`, `‹/s>` for `</s>`, `⁅INST]` for `[INST]`. People and
 * models still read the same; every other character stays. The look-alikes are ones that Unicode normalisation leaves
 * alone (a full-width `＃` would become `#` again in a tokenizer that applies NFKC), and full-width or invisibly parted
 * spellings of a marker are found too.
 */
export const neutraliseMarkers = (text: string): string =>
  text
    .replace(hashes, (run, at: number) =>
      part.test(ahead(text, at + run.length)) ? run.replace(/[#＃﹟]/gu, '♯') : run,
    )
    .replace(/[<＜﹤]/gu, (angle, at: number, whole: string) => (token.test(ahead(whole, at + 1)) ? '‹' : angle))
    .replace(/[[［]/gu, (square, at: number, whole: string) => (bracket.test(ahead(whole, at + 1)) ? '⁅' : square));

/** What a tokenizer that normalises would see from `at` on: enough of it for the longest marker. */
const ahead = (text: string, at: number): string => {
  let seen = '';
  for (const character of text.slice(at)) {
    if (!invisible.test(character)) seen += character;
    if (seen.length >= longestMarker) break;
  }
  return seen.normalize('NFKC');
};
