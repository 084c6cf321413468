import { describe, expect, it } from '@jest/globals';
import { passageId } from '../corpus/document.ts';
import type { Hit, SearchResult, SpanMatch } from './result.ts';
import { hiddenAmong, spansWithout, withoutHidden } from './without-hidden.ts';

const secret = { source: 'ja:web', sequence: 7 };
const isHidden = hiddenAmong([secret]);
const id = (source: string, sequence: number) => passageId({ source, sequence }, 10, 20);
const span = (documents: readonly string[], documentCount = documents.length, count = documentCount): SpanMatch => ({
  start: 0,
  end: 10,
  text: '地面の下の大ナマズ',
  count,
  documentCount,
  documents: documents.map((passage) => ({ documentId: passage, source: 'x', title: null, passageId: passage })),
});

describe('a hidden document', () => {
  it('is known by any of its passages, and no other is', () => {
    expect(isHidden(id('ja:web', 7))).toBe(true);
    expect(isHidden(id('ja:web', 70))).toBe(false);
    expect(isHidden(id('web', 7))).toBe(false);
    expect(isHidden('no passage')).toBe(false);
    expect(hiddenAmong([])(id('ja:web', 7))).toBe(false);
  });

  it('leaves the spans, and takes those along that stand nowhere else', () => {
    const other = id('ja_wiki', 1);
    const spans = [span([id('ja:web', 7)]), span([id('ja:web', 7), other], 12, 30), span([other])];
    expect(spansWithout(spans, isHidden)).toEqual([span([other], 11, 29), span([other])]);
  });

  it('leaves a stored result; the others keep their ranks', () => {
    const hits = [id('ja:web', 7), id('ja:web', 8)].map((passage, index) => ({
      rank: index + 1,
      passageId: passage,
    })) as unknown as Hit[];
    const result = { hits, spans: [span([id('ja:web', 7)])] } as unknown as SearchResult;
    const left = { hits: [{ rank: 2 }], spans: [] };
    expect(withoutHidden(result, isHidden)).toMatchObject(left);
    const { tuning } = withoutHidden({ ...result, tuning: result } as unknown as SearchResult, isHidden);
    expect(tuning).toMatchObject(left);
  });
});
