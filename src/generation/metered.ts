import type { Clock } from '../clock.ts';
import type { Generator } from './generator.ts';

/** Told of how fast models write. */
export interface GenerationMeter {
  firstToken(model: string, seconds: number): void;
  wrote(model: string, tokens: number, seconds: number): void;
}

/** A generator that tells how fast it writes. */
export const meteredGenerator = (
  generator: Generator,
  { model, meter, clock }: { model: string; meter: GenerationMeter; clock: Clock },
): Generator => ({
  close: generator.close,
  async *generate(request) {
    const began = clock.now();
    let silent = true;
    for await (const part of generator.generate(request)) {
      if (silent && part.type === 'text') {
        silent = false;
        meter.firstToken(model, (clock.now() - began) / 1_000);
      }
      if (part.type === 'end') meter.wrote(model, part.usage.completionTokens, part.usage.seconds);
      yield part;
    }
  },
});
