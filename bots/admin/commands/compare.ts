import { cleanMessage } from '../../../src/chat/clean-message.ts';
import { type Pair, readComparison } from '../../../src/comparison/pairs.ts';
import type { ModelConfig } from '../../../src/config/config.ts';
import { beginComparison } from '../../comparison/begin.ts';
import type { Desk } from '../../desk.ts';
import type { SubCommand } from '../command.ts';
import { linesMessage } from '../present-page.ts';

export interface CompareCommandOptions {
  readonly desk: Desk;
  readonly pairs: readonly Pair[];
  readonly rules: { readonly models: readonly Pick<ModelConfig, 'name' | 'template'>[] };
}

/** `/tenkyo compare TEXT`: two answers to it, in a thread for everybody to vote on. */
export const compareCommand = ({ desk, pairs, rules }: CompareCommandOptions): SubCommand => ({
  name: 'compare',
  who: 'everybody',
  usage: '[PAIR | MODEL1 MODEL2] TEXT',
  run: async ({ rest, team, app, channel, user, callId, client, texts }) => {
    const text = cleanMessage(rest);
    const read = readComparison(text, pairs, rules.models);
    if (read === null) {
      return text !== '' && pairs.length === 0 ? linesMessage([texts.comparison.noPairs]) : null;
    }
    const { pair, question } = read;
    return linesMessage([
      await beginComparison(desk, {
        team,
        app,
        channel,
        threadTs: null,
        user,
        pair,
        question,
        callId,
        client,
        texts,
      }),
    ]);
  },
});
