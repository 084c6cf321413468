import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/clock.ts';
import type { Prompt } from '../../src/generation/generator.ts';
import { createOnnxGenerator, type OnnxGenerator } from '../../src/generation/onnx/onnx-generator.ts';
import { createOpenAiGenerator } from '../../src/generation/openai/openai-generator.ts';
import { promptTemplates } from '../../src/generation/templates.ts';
import { createOnnxHost } from '../../src/onnx/host.ts';
import { type PacedServerOptions, startPacedServer, tokensOf } from '../support/paced/paced-server.ts';
import { type GeneratorUnderTest, generatorContract } from './generation.contract.ts';

const question = '地震の原因はナマズが動くことですか？';
const answer = 'いいえ。地震は地下の岩盤がずれて起こります。地面の下の大ナマズは昔の人の言い伝えです。';

const onThisMachine = async (): Promise<GeneratorUnderTest> => {
  const host = createOnnxHost();
  const open = (model: string, options: Parameters<GeneratorUnderTest['open']>[0] = {}): Promise<OnnxGenerator> => {
    const path = fileURLToPath(new URL(`../../demo/models/${model}`, import.meta.url));
    return createOnnxGenerator({ host, path, ...options });
  };
  return {
    open: (options) => open('demo-3m-finetuned', options),
    openLooping: () => open('demo-3m-early'),
    short: { prompt: promptTemplates['llm-jp-v2'].render({ system: null, turns: [], question }), answer },
    long: '</s>1, 2, 3, 4,',
    looping: '</s>です。です。',
    tooLong: 'あ、'.repeat(600),
    writing: null,
    close: () => host.close(),
  };
};

const numbers = Array.from({ length: 400 }, (_, index) => `${index}、`);

const onServer =
  (dialect: PacedServerOptions['dialect'], promptOf: (text: string) => Prompt) =>
  async (): Promise<GeneratorUnderTest> => {
    const server = await startPacedServer({
      dialect,
      answer: (prompt) => {
        if (prompt.includes('長い')) return numbers;
        return prompt.includes('輪') ? Array<string>(400).fill('石、') : tokensOf(answer);
      },
    });
    return {
      open: async ({ limits, clock = systemClock } = {}) =>
        createOpenAiGenerator({
          name: 'served',
          apiModel: 'served-model',
          apiKey: null,
          baseUrls: [server.url],
          tokenizer: null,
          contextLength: null,
          stop: [],
          reasoning: 'server',
          firstTokenMs: 20_000,
          idleMs: 10_000,
          ...(limits && { limits }),
          clock,
          random: () => 0.5,
          log: { warn: () => undefined },
        }),
      short: { prompt: promptOf(question), answer },
      long: promptOf('長い話'),
      looping: promptOf('輪になる話'),
      tooLong: promptOf('あ、'.repeat(5_000)),
      writing: server.busy,
      close: server.close,
    };
  };
const asChat = (content: string): Prompt => [{ role: 'user', content }];
const asText = (content: string): Prompt => content;

generatorContract('ONNX in this process', onThisMachine);
generatorContract("a server in vLLM's dialect, completions", onServer('vllm', asText));
generatorContract("a server in vLLM's dialect, chats", onServer('vllm', asChat));
generatorContract("a server in llama.cpp's dialect, completions", onServer('llama.cpp', asText));
generatorContract("a server in llama.cpp's dialect, chats", onServer('llama.cpp', asChat));
