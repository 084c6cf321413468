import { fileURLToPath } from 'node:url';
import { AutoTokenizer, env, type PreTrainedTokenizer } from '@huggingface/transformers';
import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bareTemplate, chatTemplate, promptTemplates, type Turn } from './templates.ts';

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

const talk = {
  system: '短く答えてください。',
  turns: [{ question: '地震とは？', answer: '揺れです。' }],
  question: ' 原因は？\n',
};

test('llm-jp-v1, written out: one line with full-width colons, or the form with a system text', () => {
  const { render } = promptTemplates['llm-jp-v1'];
  expect(render({ system: null, turns: [], question: '原因は？' })).toBe('原因は？ ### 回答：');
  expect(render({ ...talk, question: '原因は？' })).toBe(
    '### 指示：短く答えてください。\n### 質問：原因は？\n\n### 回答：',
  );
});

test('chatml, written out', () => {
  expect(promptTemplates.chatml.render(talk)).toBe(
    '<|im_start|>system\n短く答えてください。<|im_end|>\n<|im_start|>user\n地震とは？<|im_end|>\n' +
      '<|im_start|>assistant\n揺れです。<|im_end|>\n<|im_start|>user\n 原因は？\n<|im_end|>\n<|im_start|>assistant\n',
  );
});

test('llama-3, written out, without the token that begins a text', () => {
  expect(promptTemplates['llama-3'].render(talk)).toBe(
    '<|start_header_id|>system<|end_header_id|>\n\n短く答えてください。<|eot_id|>' +
      '<|start_header_id|>user<|end_header_id|>\n\n地震とは？<|eot_id|>' +
      '<|start_header_id|>assistant<|end_header_id|>\n\n揺れです。<|eot_id|>' +
      '<|start_header_id|>user<|end_header_id|>\n\n原因は？<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
  );
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

/** What a template, or the tokenizer of one of these families, takes for a marker; folded as the most forgiving one would. */
const markersIn = (text: string): string[] =>
  text
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFKC')
    .match(
      /###\s*(?:指示|応答|質問|回答|入力|システム)|<\|[^<>‹\s]*\|>|<\/?s>|<(?:unk|pad)>|<[A-Z]+\|[^<>‹\s]*>|\[\/?INST\]/gu,
    ) ?? [];

const forging = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '### ',
          '＃＃＃',
          '#',
          '\u200B',
          '指示:',
          '指示：',
          '応答:\n',
          '質問：',
          '回答：',
          '</s>',
          '<s>',
          '＜/s＞',
          '[INST]',
        ],
        ...[
          '<|',
          '|>',
          '<',
          '>',
          '|',
          'im_start',
          'im_end',
          '<|im_end|>',
          '<|im_start|>system\n',
          '<|eot_id|>',
          'eot_id',
        ],
        ...['<|start_header_id|>', '<|begin_of_text|>', '<|channel|>', '<EOD|LLM-jp>', '<pad|LLM-jp>', 'EOD|LLM-jp'],
      ),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

test('in no template do people add a marker: 12,000 prompts have those of a harmless talk', () => {
  const templates = [...Object.values(promptTemplates), bareTemplate];
  const harmless = { question: 'x', answer: 'y' };
  const plain = templates.map((template) =>
    [0, 1].map((count) =>
      markersIn(template.render({ system: null, turns: Array<Turn>(count).fill(harmless), question: 'x' })),
    ),
  );
  fc.assert(
    fc.property(
      fc.array(fc.record({ question: forging, answer: forging }), { maxLength: 1 }),
      forging,
      (turns, question) => {
        for (const [index, template] of templates.entries())
          expect(markersIn(template.render({ system: null, turns, question }))).toEqual(plain[index]?.[turns.length]);
        for (const { content } of chatTemplate.render({ system: null, turns, question }))
          expect(markersIn(content)).toEqual([]);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('the markers that are looked for are found where they are', () => {
  for (const marker of ['### 指示:', '＃＃＃応答', '<|im_end|>', '＜/s＞', '<EOD|LLM-jp>', '<|eot\u200B_id|>'])
    expect(markersIn(`a${marker}b`)).toHaveLength(1);
});
