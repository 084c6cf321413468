import type { Settings } from '../../../src/access/settings.ts';
import { inlineText } from '../../../src/slack/escape.ts';
import type { Store } from '../../../src/store/store.ts';
import type { CommandCall, SubCommand } from '../command.ts';
import { linesMessage } from '../present-page.ts';
import { presentStatus } from '../present-status.ts';
import type { StatusSource } from '../status-source.ts';

export interface StatusOptions {
  readonly source: StatusSource;
  readonly store: Pick<Store, 'answers' | 'searches'>;
  readonly settings: Settings;
  now(): number;
}

/** The admins named in the line that everybody gets; a workspace may have many. */
const adminsNamed = 5;

const forAdmin = async ({ source, store, settings, now }: StatusOptions, { team, texts }: CommandCall) => {
  // What was set in another process a moment ago counts too.
  settings.forget();
  const [models, corpora, workers, queues, answers, searches, set] = await Promise.all([
    source.models(),
    source.corpora(),
    source.workers(),
    source.queues(),
    store.answers.counts(),
    store.searches.counts(),
    settings.of(team),
  ]);
  return presentStatus({ models, corpora, workers, queues, answers, searches, settings: set, now: now() }, texts);
};

const forOthers = async ({ source, settings }: StatusOptions, { team, texts, access }: CommandCall) => {
  const { admin } = texts;
  const [models, admins, set] = await Promise.all([source.models(), access.admins(), settings.of(team)]);
  const brief = admin.brief({
    models: models
      .filter(({ listed }) => listed)
      .map(({ name, state }) =>
        set.value('model', name)?.value.paused
          ? `${inlineText(name)} ${admin.paused}`
          : admin.modelIs(inlineText(name), admin.modelStates[state]),
      ),
    admins:
      admins.length === 0 ? admin.noAdmins : admin.admins(admins.slice(0, adminsNamed).map((user) => `<@${user}>`)),
  });
  return linesMessage([brief]);
};

/** `/tenkyo status`: everything for an admin, one line for everybody else. */
export const statusCommand = (options: StatusOptions): SubCommand => ({
  name: 'status',
  who: 'everybody',
  usage: '',
  run: (call) => (call.admin ? forAdmin(options, call) : forOthers(options, call)),
});
