import { citedText } from '../../src/chat/grounding/cited-text.ts';
import type { Config } from '../../src/config/config.ts';
import { textsFor } from '../../src/i18n/texts.ts';
import { evidenceOf } from '../compose/ground-with.ts';
import { writeGrounded } from '../compose/write-grounded.ts';
import type { Cli } from './cli.ts';
import { iterationText } from './iteration-text.ts';
import { withModel } from './with-model.ts';
import { withSearch } from './with-search.ts';

/** `tenkyo ask --grounded`: the answer with [n], then a line `[n] Source: … | Iteration: …` each. */
export const askGrounded = async (
  cli: Cli,
  config: Config,
  { question, name, json }: { question: string; name: string; json: boolean },
): Promise<void> => {
  await withModel(cli, config, name, async (model, signal) => {
    const { text, grounding, locale } = await withSearch(cli, config, { vectors: true, reranked: true }, (search) =>
      writeGrounded(model, evidenceOf(search), { question, signal }),
    );
    if (grounding.mode === 'refused') process.exitCode = 1;
    if (json) return cli.json({ model: name, question, answer: text, ...grounding });
    const { grounding: words } = textsFor(locale);
    if (grounding.mode === 'refused') {
      cli.print(words.refused(grounding));
      return cli.note(`${name} · ${words.modes.refused} · without --grounded the model answers by itself`);
    }
    cli.print(grounding.mode === 'generative' ? citedText(grounding.sentences, words.unsupported) : text);
    cli.print('');
    for (const { number, source, reading, title } of grounding.sources) {
      cli.print(`[${number}] Source: ${source} | Iteration: ${iterationText(reading)}${title ? ` · ${title}` : ''}`);
    }
    if (grounding.sources.length === 0) cli.print(words.noneAccepted);
    cli.note(`${name} · ${words.modes[grounding.mode]}`);
  });
};
