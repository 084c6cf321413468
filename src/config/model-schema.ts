import { z } from 'zod';

/** What is declared of every model, wherever it runs. */
const common = (name: z.ZodString, named: z.ZodString) => ({
  name: named,
  run: name
    .nullish()
    .transform((value) => value ?? null)
    .meta({
      description: 'The training run that made it; without it, iterations cannot be related to the model.',
      examples: ['pretraining'],
    }),
  checkpoint: z
    .union([z.literal('last'), z.int().min(1)])
    .default('last')
    .describe('Iterations trained: it has read iterations 0 to checkpoint - 1; `last` is the whole run.'),
  temperature: z
    .number()
    .min(0)
    .max(2)
    .default(0)
    .describe('0 always takes the likeliest token; higher values vary more.'),
  topP: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe('Chooses among the likeliest tokens that have this probability together.'),
  earlierTurns: z
    .int()
    .min(0)
    .max(1000)
    .nullish()
    .transform((value) => value ?? null)
    .meta({
      description:
        'Most earlier turns of a thread in a prompt; without it as many as fit. Small models lose the thread.',
      examples: [4],
    }),
  maxBytes: z
    .int()
    .min(256)
    .max(4 << 20)
    .default(64 * 1024)
    .describe('Most UTF-8 bytes of an answer.'),
});

const template = z.enum(['llm-jp-v1', 'llm-jp-v2', 'chatml', 'llama-3', 'chat_template', 'none']);
const templateWords =
  "How a conversation becomes a prompt: what the model was tuned with. `llm-jp-v2` is for v1.1 to 3; `chat_template` is the tokenizer's own; `none` for a base model.";
const maxTokens = z.int().min(1).max(32_768);
const seconds = z.number().min(1).max(3_600);
const silence = z.number().min(0.1).max(290);

const onnx = (name: z.ZodString, named: z.ZodString) =>
  z.strictObject({
    ...common(name, named),
    provider: z.literal('onnx').describe('Where it runs. `onnx`: in this process, on its own thread.'),
    path: z
      .string()
      .min(1)
      .meta({ description: 'Folder of the model in the transformers.js layout.', examples: ['models/our-model'] }),
    template: template.default('llm-jp-v2').describe(templateWords),
    maxTokens: maxTokens.default(96).describe('Most tokens of an answer.'),
    concurrency: z.int().min(1).max(64).default(1).describe('Answers generated at once.'),
    maxSeconds: seconds.default(120).describe('Most seconds of an answer, from the request to its end.'),
  });

const openai = (name: z.ZodString, named: z.ZodString) =>
  z.strictObject({
    ...common(name, named),
    provider: z
      .literal('openai')
      .describe(
        'Where it runs. `openai`: on servers with an OpenAI-compatible API (vLLM, llama.cpp). A key is in .env as `<MODEL>_API_KEY`.',
      ),
    baseUrls: z
      .array(z.url({ protocol: /^https?$/, error: 'an address, http://… or https://…' }))
      .min(1)
      .max(64)
      .meta({
        description:
          'Addresses of the servers, each up to and with /v1. Several serve the same model and share the work.',
        examples: [['http://gpu-01:8000/v1']],
      }),
    apiModel: z
      .string()
      .min(1)
      .max(300)
      .nullish()
      .transform((value) => value ?? null)
      .meta({
        description: 'What the server calls the model; without it, its name here.',
        examples: ['llm-jp/llm-jp-3-13b-instruct3'],
      }),
    template: template.default('chat_template').describe(templateWords),
    tokenizer: z
      .string()
      .min(1)
      .nullish()
      .transform((value) => value ?? null)
      .meta({
        description:
          "Folder with the model's tokenizer: for servers that count no tokens, and to apply its template here.",
        examples: ['models/our-model'],
      }),
    rendering: z
      .enum(['server', 'local'])
      .default('server')
      .describe('Who applies a `chat_template`: the server, or this process with the tokenizer.'),
    reasoning: z
      .enum(['server', 'harmony', 'think'])
      .default('server')
      .describe(
        "How the model's thinking is told from its answer: by the server, or by marks in the text (Harmony's channels, `<think>`).",
      ),
    contextLength: z
      .int()
      .min(64)
      .max(10_000_000)
      .nullish()
      .transform((value) => value ?? null)
      .meta({
        description: 'Tokens that prompt and answer may have together; without it, what the server says.',
        examples: [4096],
      }),
    maxTokens: maxTokens.default(1_024).describe('Most tokens of an answer.'),
    concurrency: z
      .int()
      .min(1)
      .max(512)
      .default(8)
      .describe("Answers generated at once: the engines' slots, of all servers together."),
    firstTokenSeconds: silence.default(120).describe('Seconds of silence that are borne before the first token.'),
    idleSeconds: silence.default(30).describe('Seconds of silence that are borne between two tokens.'),
    maxSeconds: seconds.default(600).describe('Most seconds of an answer, from the request to its end.'),
  });

export const modelSchema = (name: z.ZodString, named: z.ZodString) =>
  z.discriminatedUnion('provider', [onnx(name, named), openai(name, named)]);

export type DeclaredModel = z.infer<ReturnType<typeof modelSchema>>;
