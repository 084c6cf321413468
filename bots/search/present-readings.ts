import type { KnownBlock, ModalView } from '@slack/types';
import type { Texts } from '../../src/i18n/texts.ts';
import type { Hit, SearchResult } from '../../src/search/result.ts';
import { context, paragraph, richText, section } from '../../src/slack/blocks.ts';
import { inlineText } from '../../src/slack/escape.ts';
import { modal } from './modal.ts';
import type { DocumentReadings } from './ports.ts';
import { shortTitle } from './present-hit.ts';

/** Characters of the list of iterations; the rest is counted. */
const listLength = 2_400;

const listOf = (iterations: readonly number[], { format, modals }: Texts): string => {
  let list = '';
  for (const [index, iteration] of iterations.entries()) {
    const next = `${list === '' ? '' : ' · '}${format.number(iteration)}`;
    if (list.length + next.length > listLength) return `${list} · ${modals.readings.more(iterations.length - index)}`;
    list += next;
  }
  return list;
};

const facts = (readings: DocumentReadings, { model }: SearchResult, texts: Texts): KnownBlock[] => {
  const { readings: words } = texts.modals;
  const { iterations, phases, timesRead: times, lastIndex } = readings;
  const [first, last] = [iterations[0], iterations.at(-1)];
  if (first === undefined || last === undefined) return [section(words.never)];
  const within = (from: number, to: number): number => iterations.filter((one) => one >= from && one <= to).length;
  const checkpoint = model?.checkpoint ?? null;
  const lines = [
    words.summary({ times, iterations: iterations.length, first, last, lastIndex }),
    ...(phases.length < 2
      ? []
      : phases.map(({ name, from, to }) =>
          words.phase({ name: inlineText(name), from, to, iterations: within(from, to) }),
        )),
    ...(model === null || checkpoint === null || checkpoint > lastIndex
      ? []
      : [words.checkpoint({ model: inlineText(model.name), checkpoint, seen: within(0, checkpoint - 1) })]),
  ];
  return [
    section(lines.join('\n')),
    section(`*${words.all}*`),
    richText(paragraph([{ type: 'text', text: listOf(iterations, texts) }])),
  ];
};

/** "When was it read?", in words. */
export const presentReadings = (
  hit: Hit,
  result: SearchResult,
  readings: DocumentReadings | null,
  texts: Texts,
): ModalView =>
  modal(
    texts.modals.readings.title,
    [
      section(`*${inlineText(shortTitle(hit))}*`),
      context(inlineText(`${hit.source} · ${texts.modals.context.document(hit.documentId)}`, 200)),
      ...(readings === null ? [section(texts.modals.readings.unknown)] : facts(readings, result, texts)),
    ],
    null,
    texts,
  );
