import type { KeywordIndex, SearchIndex, SpanIndex, VectorIndex } from '../src/search/ports.ts';

type Engine = 'exact' | 'keyword' | 'vector';
type Again = () => Promise<unknown>;

/** The calls that one search made to the engines of its index, to be made again with nothing around them. */
export interface RawCalls {
  /** The calls of one engine: stretches first, then their places side by side; vectors one after the other. */
  readonly again: Readonly<Record<Engine, Again>>;
  /** Those of all engines side by side, as the search makes them. */
  all(): Promise<unknown>;
}

/** An index that notes what its engines are asked, word for word but for the signal. */
export const recordCalls = <I extends SearchIndex>(index: I) => {
  let keyword: Again[] = [];
  let vector: Again[] = [];
  let maximal: Again[] = [];
  let occurrences: Again[] = [];

  const noted = <What, Options extends object, Answer>(
    list: () => Again[],
    call: (what: What, options: Options) => Promise<Answer>,
  ): ((what: What, options: Options) => Promise<Answer>) => {
    return (what, options) => {
      const plain = { ...options, signal: undefined };
      list().push(() => call(what, plain));
      return call(what, options);
    };
  };
  const search: KeywordIndex['search'] = noted(() => keyword, index.keyword.search);
  const nearest: VectorIndex['search'] | null = index.vector && noted(() => vector, index.vector.search);
  const spans: SpanIndex = {
    maximal: noted(() => maximal, index.spans.maximal),
    occurrences: noted(() => occurrences, index.spans.occurrences),
  };
  const recorded: I = {
    ...index,
    keyword: { search },
    vector: nearest && { search: nearest },
    spans,
  };

  const inTurn = async (calls: readonly Again[]): Promise<void> => {
    for (const call of calls) await call();
  };
  const sideBySide = (calls: readonly Again[]) => Promise.all(calls.map((call) => call()));
  return {
    index: recorded,
    /** What was asked since the last take. */
    take: (): RawCalls => {
      const [words, near, stretches, places] = [keyword, vector, maximal, occurrences];
      [keyword, vector, maximal, occurrences] = [[], [], [], []];
      const again = {
        exact: async () => {
          await inTurn(stretches);
          await sideBySide(places);
        },
        keyword: () => inTurn(words),
        vector: () => inTurn(near),
      };
      return { again, all: () => sideBySide(Object.values(again)) };
    },
  };
};
