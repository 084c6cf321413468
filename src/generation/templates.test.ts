import { fileURLToPath } from 'node:url';
import { AutoTokenizer, env, type PreTrainedTokenizer } from '@huggingface/transformers';
import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { promptTemplates, type Turn } from './templates.ts';

let tokenizer: PreTrainedTokenizer;

beforeAll(async () => {
  env.allowRemoteModels = false;
  env.useFSCache = false;
  tokenizer = await AutoTokenizer.from_pretrained(
    fileURLToPath(new URL('../../demo/models/demo-3m-finetuned', import.meta.url)),
  );
});

const modelsOwn = (system: string | null, turns: readonly Turn[], question: string): unknown =>
  tokenizer.apply_chat_template(
    [
      ...(system === null ? [] : [{ role: 'system', content: system }]),
      ...turns.flatMap((turn) => [
        { role: 'user', content: turn.question },
        { role: 'assistant', content: turn.answer },
      ]),
      { role: 'user', content: question },
    ],
    { tokenize: false, add_generation_prompt: true },
  );

test("llm-jp-v2 is the model's own chat template, for one to three turns, with and without a system text", () => {
  // Whitespace at the ends belongs to the message, as it does in the model's template.
  const words = fc.string({ unit: fc.constantFrom(...'地震の原因はナマズですか？ A#:。\n') });
  fc.assert(
    fc.property(
      fc.option(words.filter(Boolean)),
      fc.array(fc.record({ question: words, answer: words }), { maxLength: 2 }),
      words,
      (system, turns, question) => {
        expect(promptTemplates['llm-jp-v2'].render({ system, turns, question })).toBe(
          modelsOwn(system, turns, question),
        );
      },
    ),
  );
});

test('llm-jp-v2, written out', () => {
  const turns = [{ question: '地震とは？', answer: '揺れです。' }];
  expect(promptTemplates['llm-jp-v2'].render({ system: null, turns, question: '原因は？' })).toBe(
    '以下は、タスクを説明する指示です。要求を適切に満たす応答を書きなさい。' +
      '\n\n### 指示:\n地震とは？\n\n### 応答:\n揺れです。</s>\n\n### 指示:\n原因は？\n\n### 応答:\n',
  );
});

test('none continues the text as a new document', () => {
  expect(promptTemplates.none.render({ system: null, turns: [], question: '地震は、' })).toBe('</s>地震は、');
});

const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '### ',
        '指示:',
        '応答:\n',
        '#',
        '</s',
        '</s>',
        '<s>',
        '<unk>',
        '<pad>',
        '>',
        '<',
        '|',
        '<|',
        '/',
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
  )
  .map((parts) => parts.join(''));

test('what people write adds no part and no special token to a prompt', () => {
  const turn = fc.record({ question: hostileText, answer: hostileText });
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 2 }), hostileText, (turns, question) => {
      const prompt = promptTemplates['llm-jp-v2'].render({ system: null, turns, question });
      expect(prompt.split(/###\s*指示/)).toHaveLength(turns.length + 2);
      expect(prompt.split(/###\s*応答/)).toHaveLength(turns.length + 2);
      const special = tokenizer
        .encode(prompt, { add_special_tokens: false })
        .filter((id) => tokenizer.all_special_ids.includes(id));
      expect(special).toEqual(turns.map(() => tokenizer.eos_token_id));

      const continued = tokenizer.encode(promptTemplates.none.render({ system: null, turns: [], question }));
      expect(continued.filter((id) => tokenizer.all_special_ids.includes(id))).toEqual([tokenizer.eos_token_id]);
    }),
    { numRuns: 500 },
  );
});

test('the tokenizer does take the unchanged markers for its own', () => {
  expect(tokenizer.encode('a</s><s>')).toEqual(expect.arrayContaining([1, 2]));
});
