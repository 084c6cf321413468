import type { KnownBlock } from '@slack/types';
import { citedText } from '../../src/chat/grounding/cited-text.ts';
import type { GroundingPassage, GroundingRecord } from '../../src/chat/grounding/grounding.ts';
import type { Texts } from '../../src/i18n/texts.ts';
import { context, section } from '../../src/slack/blocks.ts';
import { inlineText } from '../../src/slack/escape.ts';
import { hostLink } from '../../src/slack/link.ts';
import { sourceAndIteration } from '../search/engine-line.ts';

/** `[1] Source: ja_encyclopedia | Iteration: 1,012/1,039 · title · host` */
const sourceLine = (passage: GroundingPassage): string => {
  const link = hostLink(passage.url);
  return [
    `[${passage.number}] ${inlineText(sourceAndIteration(passage))}`,
    ...(passage.title === null ? [] : [inlineText(passage.title, 60)]),
    ...(link === null ? [] : [link]),
  ].join(' · ');
};

/** Said where nothing good enough was found. */
export const refusalOf = ({ corpus, documents }: GroundingRecord, { grounding }: Texts): string =>
  grounding.refused({ corpus: inlineText(corpus), documents });

/** What stands under a grounded answer: its sources, or that there are none. */
export const presentGrounding = (record: GroundingRecord, texts: Texts): KnownBlock[] => {
  const { grounding } = texts;
  if (record.mode === 'refused') return [section(refusalOf(record, texts))];
  if (record.sources.length === 0) return [context(grounding.noneAccepted)];
  return [...record.sources.map((source) => context(sourceLine(source))), context(grounding.checked)];
};

/** The answer with its citations as the check left them. */
export const groundedText = (text: string, record: GroundingRecord, { grounding }: Texts): string =>
  record.mode === 'generative' ? citedText(record.sentences, grounding.unsupported) : text;
