import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { corpusCases, messageCases, minimumSpan, spansByBruteForce } from '../../../test/support/span-cases.ts';
import { fold } from '../../text/normalize.ts';
import { findMaximalSpans } from './maximal-spans.ts';

describe('findMaximalSpans', () => {
  it('equals a brute-force search', async () => {
    await fc.assert(
      fc.asyncProperty(
        corpusCases.chain((texts) => fc.tuple(fc.constant(texts), messageCases(texts))),
        async ([texts, raw]) => {
          const message = fold(raw);
          const documents = texts.map(fold);
          const holds = async (stretch: string) => documents.some((text) => text.includes(stretch));
          expect(await findMaximalSpans(message, minimumSpan, holds)).toEqual(spansByBruteForce(message, documents));
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it('asks little of what is copied whole, and of what is nowhere; nothing twice', async () => {
    const copied = Array.from({ length: 400 }, (_, at) => String.fromCodePoint(0x4e00 + at * 7)).join('');
    const asked: string[] = [];
    const askOf = (corpus: string) => async (stretch: string) => {
      asked.push(stretch);
      return corpus.includes(stretch);
    };
    expect(await findMaximalSpans(copied, 8, askOf(`…${copied}…`))).toEqual([[0, 400]]);
    expect(new Set(asked).size).toBe(asked.length);
    // A hundred blocks of four, every stretch of eight, the whole.
    expect(asked.length).toBe(100 + 393 + 1);
    asked.length = 0;
    expect(await findMaximalSpans(copied, 8, askOf(''))).toEqual([]);
    expect(asked.length).toBe(100);
  });

  it('refuses stretches shorter than it can ask for', async () => {
    await expect(findMaximalSpans('地震', 2, async () => true)).rejects.toMatchObject({ code: 'usage' });
    expect(await findMaximalSpans('地震', 8, async () => true)).toEqual([]);
  });
});
