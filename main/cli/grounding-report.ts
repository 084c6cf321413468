import type { GroundedAnswer } from '../compose/write-grounded.ts';
import { grouped } from './numbers.ts';

/** A question that is asked of the corpus, and what kind it is of. */
export interface GroundedQuestion {
  readonly text: string;
  readonly kind: string;
  /** False: the corpus has no answer to it, and a refusal is right. */
  readonly answerable: boolean;
}

export interface GroundedCase extends GroundedAnswer {
  readonly asked: GroundedQuestion;
}

/** How questions of one kind did. */
export interface GroundingScores {
  readonly questions: number;
  readonly refused: number;
  /** Answers that have a citation. */
  readonly cited: number;
  readonly citations: number;
  /** Citations that the check accepted. */
  readonly accepted: number;
  /** Of quoting answers: quotations, and those that stand word for word in the passage they name. */
  readonly quotations: number;
  readonly verbatim: number;
}

const scoreGrounding = (cases: readonly GroundedCase[]): GroundingScores => {
  const answered = cases.filter(({ grounding }) => grounding.mode !== 'refused');
  const citations = answered.flatMap(({ grounding }) => grounding.sentences.flatMap((sentence) => sentence.citations));
  const quotations = answered
    .filter(({ grounding }) => grounding.mode === 'extractive')
    .flatMap(({ grounding: { sentences, sources } }) =>
      sentences.flatMap(({ text, citations: cited }) =>
        cited.map(({ number }) => sources.find((source) => source.number === number)?.text.includes(text) ?? false),
      ),
    );
  return {
    questions: cases.length,
    refused: cases.length - answered.length,
    cited: answered.filter(({ grounding }) => grounding.sentences.some((sentence) => sentence.citations.length > 0))
      .length,
    citations: citations.length,
    accepted: citations.filter(({ supported }) => supported).length,
    quotations: quotations.length,
    verbatim: quotations.filter(Boolean).length,
  };
};

export const scoresByKind = (cases: readonly GroundedCase[]): Record<string, GroundingScores> =>
  Object.fromEntries(
    [...new Set(cases.map(({ asked }) => asked.kind))].map((kind) => [
      kind,
      scoreGrounding(cases.filter(({ asked }) => asked.kind === kind)),
    ]),
  );

const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} % (${grouped(part)}/${grouped(whole)})`;

/** A row a kind, the header first. */
export const groundingRows = (kinds: Readonly<Record<string, GroundingScores>>): string[][] => [
  ['Questions', 'Refused', 'Answers with a citation', 'Citations accepted', 'Quotations word for word'],
  ...Object.entries(kinds).map(([kind, one]) => [
    `${kind} ${grouped(one.questions)}`,
    share(one.refused, one.questions),
    share(one.cited, one.questions - one.refused),
    share(one.accepted, one.citations),
    share(one.verbatim, one.quotations),
  ]),
];
