import type { BlockAction } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { rankEntrants } from '../../src/comparison/bradley-terry.ts';
import { textsFor } from '../../src/i18n/texts.ts';
import type { Store } from '../../src/store/store.ts';
import { forAdmin, type StatusOptions } from '../admin/commands/status.ts';
import type { BotRole } from '../bot.ts';
import { teamOf } from '../desk.ts';
import { presentHome, refreshAction } from './present-home.ts';

export interface HomeOptions extends Omit<StatusOptions, 'store' | 'now'> {
  readonly store: Pick<Store, 'answers' | 'searches' | 'people' | 'feedback' | 'comparisons'>;
  readonly command: string;
  /** Numbers in [0, 1) from a seed, for the intervals of the table. */
  readonly seeded: (seed: number) => () => number;
}

/** Of the table's intervals: enough to see how wide they are, and quick enough for who waits. */
const samples = 200;
const seed = 42;

/** The Home tab, whatever the app does: made anew each time somebody opens it. */
export const homeRole =
  (options: HomeOptions): BotRole =>
  ({ bolt, app, access, handling, clock }) => {
    const { store, source, command, seeded } = options;

    const publish = async (user: string, team: string, bot: string, client: WebClient): Promise<void> => {
      const texts = textsFor(await access.localeOf(user));
      const [counts, verdicts, models, votes, { admin }] = await Promise.all([
        store.people.counts(team, user),
        store.feedback.counts({ team, user }),
        source.models(),
        store.comparisons.judged(team),
        access.isAdmin(user),
      ]);
      const view = presentHome(
        {
          roles: app.roles,
          bot: `<@${bot}>`,
          command,
          counts,
          verdicts: {
            up: verdicts.reduce((sum, { up }) => sum + up, 0),
            down: verdicts.reduce((sum, { down }) => sum + down, 0),
          },
          models,
          table: rankEntrants(votes, { random: seeded(seed), samples }),
          status: admin ? ((await forAdmin({ ...options, now: clock.now }, { team, texts })).blocks ?? []) : null,
        },
        texts,
      );
      await client.views.publish({ user_id: user, view });
    };

    bolt.event('app_home_opened', async ({ event, context, client }) => {
      if (event.tab !== 'home') return;
      await handling.run({ name: 'home', user: event.user }, () =>
        publish(event.user, teamOf(context), context.botUserId ?? '', client),
      );
    });
    bolt.action<BlockAction>(refreshAction, async ({ ack, body, context, client }) => {
      await ack();
      const user = body.user.id;
      await handling.run({ name: 'home', user }, () => publish(user, teamOf(context), context.botUserId ?? '', client));
    });
  };
