import type { BlockAction, ButtonAction, ViewSubmitAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { isSwapped } from '../../src/comparison/order.ts';
import { TenkyoError } from '../../src/errors.ts';
import { type Texts, textsFor } from '../../src/i18n/texts.ts';
import type { Comparison } from '../../src/store/feedback-records.ts';
import type { Store } from '../../src/store/store.ts';
import type { RoleContext } from '../bot.ts';
import { teamOf } from '../desk.ts';
import { isHere } from '../is-here.ts';
import { ballotForm, voteAction } from './actions.ts';
import { type BallotTexts, presentBallot, presentRevealed, readBallot, winnerOf } from './present-ballot.ts';
import { countVotes, presentComparison } from './presenter.ts';

export interface VotingOptions {
  readonly store: Pick<Store, 'answers' | 'comparisons' | 'deliveries' | 'people'>;
  /** Numbers in [0, 1) from a seed: who sees which answer as A. */
  readonly seeded: (seed: number) => () => number;
}

/** The vote on two answers: opened blind, counted once a person, then with the names. */
export const registerVoting = (
  { bolt, access, handling, logger }: RoleContext,
  { store, seeded }: VotingOptions,
): void => {
  const textOf = async (answerId: string): Promise<string> => (await store.answers.get(answerId))?.text ?? '';
  const answersOf = async ({ firstAnswer, secondAnswer }: Comparison, swapped: boolean): Promise<BallotTexts> => {
    const [first, second] = await Promise.all([textOf(firstAnswer), textOf(secondAnswer)]);
    return swapped ? { a: second, b: first } : { a: first, b: second };
  };
  const revealed = async (comparison: Comparison, user: string, texts: Texts): Promise<ModalView | null> => {
    const vote = await store.comparisons.voteOf(comparison.team, comparison.id, user);
    if (vote === null) return null;
    const [answers, tally] = await Promise.all([
      answersOf(comparison, vote.swapped),
      store.comparisons.tally(comparison.id),
    ]);
    return presentRevealed(comparison, answers, vote, tally, texts);
  };
  /** The number of votes in the thread; one that is a little behind does no harm. */
  const recount = async (comparison: Comparison, client: WebClient): Promise<void> => {
    const ts = (await store.deliveries.get(comparison.id))?.messages[0];
    if (ts === undefined) return;
    const votes = countVotes(await store.comparisons.tally(comparison.id));
    const { text, blocks = [] } = presentComparison(comparison, votes, textsFor(comparison.locale));
    await client.chat.update({ channel: comparison.channel, ts, text, blocks: [...blocks] });
  };

  bolt.action<BlockAction>(voteAction, async ({ ack, body, action, client }) => {
    await ack();
    const user = body.user.id;
    const tell = async (text: string): Promise<unknown> =>
      body.channel ? client.chat.postEphemeral({ channel: body.channel.id, user, text }) : undefined;
    await handling.run({ name: 'vote', user, tell }, async () => {
      const [comparison, locale] = await Promise.all([
        store.comparisons.get((action as ButtonAction).value ?? ''),
        access.localeOf(user),
      ]);
      const texts = textsFor(locale);
      if (!comparison || !isHere(comparison, body)) return void (await tell(texts.comparison.gone));
      const after = await revealed(comparison, user, texts);
      const blind = async (): Promise<ModalView> => {
        const answers = await answersOf(comparison, isSwapped(comparison.id, user, seeded));
        const withNotice = await store.people.noticeOnce(comparison.team, user);
        return presentBallot(comparison, answers, texts, { withNotice });
      };
      await client.views.open({ trigger_id: body.trigger_id, view: after ?? (await blind()) });
    });
  });

  bolt.view<ViewSubmitAction>(ballotForm, async ({ ack, body, view, context, client }) => {
    const user = body.user.id;
    let answered = false;
    const tell = async (text: string): Promise<unknown> => {
      if (!answered) await ack();
      return client.chat.postMessage({ channel: user, text });
    };
    await handling.run({ name: 'vote form', user, tell }, async () => {
      const team = teamOf(context);
      const comparison = await store.comparisons.get(view.private_metadata);
      const texts = textsFor(await access.localeOf(user));
      if (comparison?.team !== team) return void (await tell(texts.comparison.gone));
      const swapped = isSwapped(comparison.id, user, seeded);
      const winner = winnerOf(readBallot(view.state.values), swapped);
      await store.comparisons.vote({ team, comparisonId: comparison.id, user, winner, swapped });
      const after = await revealed(comparison, user, texts);
      if (!after) throw new TenkyoError('not_found', 'The vote is not in the store.');
      answered = true;
      await ack({ response_action: 'update', view: after });
      await recount(comparison, client).catch((error: unknown) =>
        logger.info({ id: comparison.id, err: error }, 'the number of votes could not be shown'),
      );
    });
  });
};
