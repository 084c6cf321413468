import type { Document } from '../../../src/corpus/document.ts';
import { asTenkyoError } from '../../../src/errors.ts';
import { inlineText } from '../../../src/slack/escape.ts';
import type { HiddenDocument } from '../../../src/store/admin-records.ts';
import type { Store } from '../../../src/store/store.ts';
import type { Nudge } from '../../desk.ts';
import { auditedBy, type CommandName, type SubCommand } from '../command.ts';
import { linesMessage } from '../present-page.ts';

export interface HideCommandsOptions {
  readonly store: Pick<Store, 'hidden' | 'deliveries'>;
  readonly corpora: readonly { readonly name: string }[];
  /** Documents of a corpus with this record id. */
  readonly documents: (corpus: string, id: string) => Promise<readonly Document[]>;
  readonly delivery: Nudge;
}

/** Candidates named when an id is not enough. */
const mostNamed = 10;

const nameOf = ({ corpus, source, documentId }: HiddenDocument): string => `${corpus}/${source}/${documentId}`;

/** `/tenkyo hide|unhide DOCUMENT`: its record's id, or `corpus/source/id` where several have it. */
export const hideCommands = ({ store, corpora, documents, delivery }: HideCommandsOptions): SubCommand[] => {
  const inIndexes = async (word: string): Promise<HiddenDocument[]> => {
    const found: HiddenDocument[] = [];
    for (const { name } of corpora) {
      const [corpus, source, ...rest] = word.split('/');
      const id = corpus === name && rest.length > 0 ? rest.join('/') : null;
      const at = async (wanted: string): Promise<readonly Document[]> => {
        try {
          return await documents(name, wanted);
        } catch (error) {
          if (asTenkyoError(error).code === 'index_missing') return [];
          throw error;
        }
      };
      const same = [...(await at(word)), ...(id === null ? [] : (await at(id)).filter((one) => one.source === source))];
      found.push(
        ...same.map((one) => ({ corpus: name, source: one.source, sequence: one.sequence, documentId: one.id })),
      );
    }
    return found;
  };
  const hiding = (name: Extract<CommandName, 'hide' | 'unhide'>, hidden: boolean): SubCommand => ({
    name,
    who: 'admin',
    usage: 'DOCUMENT',
    run: async ({ team, rest, texts: { commands } }) => {
      const word = rest.trim();
      if (word === '') return null;
      const found = hidden
        ? await inIndexes(word)
        : (await store.hidden.all(team)).filter((one) => one.documentId === word || nameOf(one) === word);
      const [only] = found;
      if (!only) return linesMessage([commands.noDocument(inlineText(word))]);
      if (found.length > 1) {
        const candidates = found.slice(0, mostNamed).map((one) => `\`${inlineText(nameOf(one), 200)}\``);
        return linesMessage([commands.severalDocuments, ...candidates]);
      }
      return { confirm: commands.confirm[name](inlineText(nameOf(only), 200)), args: only };
    },
    perform: async (args, call) => {
      const document = args as HiddenDocument;
      const { commands } = call.texts;
      const changed = await store.hidden.change(document, hidden, auditedBy(call, name, nameOf(document)));
      // What stands in threads already is made equal to what may be shown now.
      const again = changed ? await store.deliveries.showAgain(call.team, document) : [];
      for (const id of again) delivery.nudge(id);
      const shown = inlineText(nameOf(document), 200);
      return linesMessage([changed ? commands.did[name](shown, again.length) : commands.wasSo]);
    },
  });
  return [hiding('hide', true), hiding('unhide', false)];
};
