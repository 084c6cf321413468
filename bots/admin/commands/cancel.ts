import type { Feed } from '../../../src/feed/feed.ts';
import type { GiveTurns } from '../../../src/jobs/give-turns.ts';
import { inlineText } from '../../../src/slack/escape.ts';
import type { Store } from '../../../src/store/store.ts';
import { endAnswer } from '../../end-answer.ts';
import { auditedBy, type SubCommand } from '../command.ts';
import { linesMessage } from '../present-page.ts';

/** `/tenkyo cancel ID`: ends an answer; what has been written stays, marked. */
export const cancelCommand = ({
  store,
  feed,
  giveTurns,
}: {
  readonly store: Pick<Store, 'answers' | 'audit'>;
  readonly feed: Pick<Feed, 'publish'>;
  readonly giveTurns: GiveTurns;
}): SubCommand => ({
  name: 'cancel',
  who: 'admin',
  usage: 'ID',
  run: async ({ team, words, texts }) => {
    const [id] = words;
    if (id === undefined) return null;
    const answer = await store.answers.get(id.replaceAll('`', ''));
    if (answer?.team !== team) return linesMessage([texts.commands.noAnswer(inlineText(id))]);
    if (answer.finishedAt !== null) return linesMessage([texts.commands.endedAlready(inlineText(id))]);
    return { confirm: texts.commands.confirm.cancel(inlineText(answer.model), `<@${answer.user}>`), args: answer.id };
  },
  perform: async (args, call) => {
    const id = String(args);
    const answer = await store.answers.get(id);
    const was = answer?.team === call.team ? await endAnswer({ store, feed, giveTurns }, answer) : null;
    const { commands } = call.texts;
    await store.audit.add({
      ...auditedBy(call, 'cancel', id),
      outcome: was ? 'done' : 'failed',
      reason: was ? null : 'ended before',
      before: was && { status: was },
      after: was && { status: 'cancelled' },
    });
    if (was === null || answer === null) return linesMessage([commands.endedAlready(inlineText(id))]);
    return linesMessage([commands.did.cancel(inlineText(answer.model), `<@${answer.user}>`, was)]);
  },
});
