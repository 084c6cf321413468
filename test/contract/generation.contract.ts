import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Clock } from '../../src/clock.ts';
import type {
  GenerationPart,
  GenerationRequest,
  Generator,
  Prompt,
  TokenCounter,
} from '../../src/generation/generator.ts';
import type { WritingLimits } from '../../src/generation/writing-guard.ts';

/** A model to be asked, and what is known of its answers. */
export interface GeneratorUnderTest {
  open(options?: { limits?: Partial<WritingLimits>; clock?: Clock }): Promise<Generator & TokenCounter>;
  /** A question whose answer ends by itself. */
  readonly short: { readonly prompt: Prompt; readonly answer: string };
  /** One whose answer goes on for hundreds of tokens, without a loop. */
  readonly long: Prompt;
  /** One that makes the model repeat itself. */
  readonly looping: Prompt;
  /** The model that does, where the first one doesn't. */
  openLooping?(): Promise<Generator>;
  readonly tooLong: Prompt;
  /** Answers that the engine is writing now; null: it can't be asked. */
  readonly writing: (() => number) | null;
  close(): Promise<void>;
}

type End = Extract<GenerationPart, { type: 'end' }>;

/** What every adapter of `Generator` must do. */
export const generatorContract = (name: string, start: () => Promise<GeneratorUnderTest>): void =>
  describe(name, () => {
    let under: GeneratorUnderTest;
    let model: Generator & TokenCounter;
    beforeAll(async () => {
      under = await start();
      model = await under.open();
    });
    afterAll(() => under.close());

    const request = (prompt: Prompt, settings: Partial<GenerationRequest> = {}): GenerationRequest => ({
      prompt,
      maxTokens: 400,
      temperature: 0,
      topP: 1,
      signal: new AbortController().signal,
      ...settings,
    });
    const write = async (generator: Generator, asked: GenerationRequest): Promise<{ text: string; end: End }> => {
      const parts = await Array.fromAsync(generator.generate(asked));
      const end = parts.at(-1);
      if (end?.type !== 'end') throw new Error('the stream ended without its end');
      expect(parts.filter(({ type }) => type === 'end')).toHaveLength(1);
      return { text: parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join(''), end };
    };
    const freed = async (): Promise<void> => {
      if (under.writing === null) return;
      const deadline = Date.now() + 5_000;
      while (under.writing() > 0) {
        if (Date.now() > deadline) throw new Error('the engine still writes');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };

    test('an answer comes in pieces of whole characters, and ends once, with its usage', async () => {
      const parts = await Array.fromAsync(model.generate(request(under.short.prompt)));
      const pieces = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
      expect(pieces.join('')).toBe(under.short.answer);
      expect(pieces.length).toBeGreaterThan(3);
      expect(pieces.every((piece) => piece !== '' && piece.isWellFormed() && !piece.includes('\uFFFD'))).toBe(true);
      expect(parts.at(-1)).toMatchObject({ type: 'end', finish: 'stop' });
      const { usage } = parts.at(-1) as End;
      expect(usage.promptTokens).toBe(await model.count(under.short.prompt));
      expect(usage.completionTokens).toBeGreaterThan(3);
      expect(usage.seconds).toBeGreaterThan(0);
    });

    test('a prompt is never longer than its bound, and the context is known', async () => {
      expect(await model.contextLength()).toBeGreaterThan(100);
      const bound = model.atMost?.(under.short.prompt) ?? Number.POSITIVE_INFINITY;
      expect(await model.count(under.short.prompt)).toBeLessThanOrEqual(bound);
    });

    test('it stops at the token limit', async () => {
      const { text, end } = await write(model, request(under.short.prompt, { maxTokens: 4 }));
      expect(end).toMatchObject({ finish: 'length', usage: { completionTokens: 4 } });
      expect(under.short.answer.startsWith(text)).toBe(true);
    });

    test('a prompt that fills the context is refused as such', async () => {
      await expect(write(model, request(under.tooLong))).rejects.toMatchObject({
        code: 'prompt_too_long',
        found: expect.stringMatching(/^\d+ tokens$/),
      });
    });

    test('an abort ends the stream with its reason and frees the engine', async () => {
      const controller = new AbortController();
      const reason = new Error('enough');
      let pieces = 0;
      const reading = (async () => {
        for await (const part of model.generate(request(under.long, { signal: controller.signal }))) {
          if (part.type === 'text') pieces += 1;
          if (pieces === 5) controller.abort(reason);
        }
      })();
      await expect(reading).rejects.toBe(reason);
      expect(pieces).toBe(5);
      await freed();
    });

    test('leaving the loop frees the engine', async () => {
      for await (const part of model.generate(request(under.long))) {
        expect(part.type).toBe('text');
        break;
      }
      await freed();
    });

    test('a signal that was aborted before starts nothing', async () => {
      const reason = new Error('too late');
      await expect(write(model, request(under.short.prompt, { signal: AbortSignal.abort(reason) }))).rejects.toBe(
        reason,
      );
    });

    test('an endless loop is cut and said', async () => {
      const { end } = await write((await under.openLooping?.()) ?? model, request(under.looping));
      expect(end.finish).toBe('loop');
      expect(end.usage.completionTokens).toBeLessThan(300);
      await freed();
    });

    test('the byte limit ends an answer at a whole character', async () => {
      const limited = await under.open({ limits: { maxBytes: 20 } });
      const { text, end } = await write(limited, request(under.short.prompt));
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(20);
      expect(Buffer.byteLength(text)).toBeGreaterThan(16);
      expect(under.short.answer.startsWith(text)).toBe(true);
      expect(end.finish).toBe('length');
      await freed();
    });

    test('the time limit ends an answer', async () => {
      const alarm = Promise.withResolvers<void>();
      const clock: Clock = {
        now: () => 0,
        // The answer's own limit; shorter ones are the connection's.
        sleep: (ms) => (ms === 77_000 ? alarm.promise : new Promise(() => undefined)),
      };
      const limited = await under.open({ limits: { maxSeconds: 77 }, clock });
      const parts: GenerationPart[] = [];
      for await (const part of limited.generate(request(under.long))) {
        parts.push(part);
        if (parts.length === 3) alarm.resolve();
      }
      expect(parts[0]?.type).toBe('text');
      expect(parts.at(-1)).toMatchObject({ type: 'end', finish: 'length' });
      expect(parts.length).toBeLessThan(300);
      await freed();
    });

    test('several at once write what each writes alone', async () => {
      const all = await Promise.all([1, 2, 3, 4].map(() => write(model, request(under.short.prompt))));
      expect(all.map(({ text }) => text)).toEqual(Array(4).fill(under.short.answer));
    });

    test('a closed generator refuses', async () => {
      const closing = await under.open();
      const reading = write(closing, request(under.long));
      await closing.close();
      await expect(reading).rejects.toMatchObject({ code: 'model_unavailable' });
      await expect(write(closing, request(under.short.prompt))).rejects.toMatchObject({ code: 'model_unavailable' });
      await freed();
    });
  });
