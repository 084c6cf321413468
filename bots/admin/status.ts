import type { Texts } from '../../src/i18n/texts.ts';
import type { Jobs, QueueCounts } from '../../src/jobs/jobs.ts';
import { inlineText } from '../../src/slack/escape.ts';
import type { Store } from '../../src/store/store.ts';
import type { CommandRun, SubCommand } from './command.ts';
import type { CorpusStatus, ModelStatus, StatusSource } from './status-source.ts';

export interface StatusOptions {
  readonly source: StatusSource;
  readonly jobs: Pick<Jobs, 'counts'>;
  readonly store: Pick<Store, 'answers' | 'searches'>;
}

/** The admins named in the line that everybody gets; a workspace may have many. */
const adminsNamed = 5;

/** The longer of the words for a label are not padded: mrkdwn has no columns. */
const line = (label: string, name: string, facts: readonly string[]): string =>
  [label, inlineText(name), facts.join(' · ')].join('  ');

const modelLine = (
  { name, state, tokensPerSecond }: ModelStatus,
  queues: readonly QueueCounts[],
  { admin }: Texts,
): string => {
  const queue = queues.find((one) => one.queue === `generate-${name}`);
  return line(admin.modelsLabel, name, [
    admin.modelStates[state],
    ...(queue ? [admin.running(queue.active), admin.waiting(queue.waiting)] : []),
    ...(tokensPerSecond === null ? [] : [admin.tokensPerSecond(tokensPerSecond)]),
  ]);
};

const corpusLine = ({ name, index, engines }: CorpusStatus, { admin, format }: Texts): string => {
  const on = (['exact', 'keyword', 'vector'] as const)
    .map((engine) => `${admin.engines[engine]} ${engines[engine] ? '✓' : '✗'}`)
    .join(' ');
  if (index.state === 'missing') return line(admin.corporaLabel, name, [admin.noIndex]);
  if (index.state === 'building') return line(admin.corporaLabel, name, [admin.building(index.done, index.total)]);
  return line(admin.corporaLabel, name, [
    admin.documents(index.documents, index.passages),
    on,
    admin.indexOf(format.dateTime(index.builtAt)),
  ]);
};

const queuesLine = (queues: readonly QueueCounts[], failures: number, { admin }: Texts): string => {
  const waiting = new Map<string, number>();
  for (const { queue, waiting: count } of queues) {
    const kind = queue.startsWith('generate-') ? 'generate' : queue;
    waiting.set(kind, (waiting.get(kind) ?? 0) + count);
  }
  const counts = [...waiting].map(([kind, count]) => `${inlineText(kind)} ${admin.waiting(count)}`);
  return [admin.queuesLabel, [...counts, admin.failedLastHour(failures)].join(' · ')].join('  ');
};

const forAdmin = async ({ source, jobs, store }: StatusOptions, texts: Texts): Promise<string> => {
  const [models, corpora, queues, answers, searches] = await Promise.all([
    source.models(),
    source.corpora(),
    jobs.counts(),
    store.answers.counts(),
    store.searches.counts(),
  ]);
  return [
    `*${texts.admin.statusTitle}*`,
    ...models.map((model) => modelLine(model, queues, texts)),
    ...corpora.map((corpus) => corpusLine(corpus, texts)),
    queuesLine(queues, answers.failedLastHour + searches.failedLastHour, texts),
  ].join('\n');
};

const forOthers = async (
  { source }: StatusOptions,
  { texts, access }: CommandRun,
  reason: string | null,
): Promise<string> => {
  const { admin } = texts;
  const [models, admins] = await Promise.all([source.models(), access.admins()]);
  const brief = admin.brief({
    models: models.map(({ name, state }) => admin.modelIs(inlineText(name), admin.modelStates[state])),
    admins:
      admins.length === 0 ? admin.noAdmins : admin.admins(admins.slice(0, adminsNamed).map((user) => `<@${user}>`)),
  });
  return reason === null ? brief : `${brief} ${admin.unsure(inlineText(reason))}`;
};

/** `/tenkyo status`: everything for an admin, one line for everybody else. */
export const statusCommand = (options: StatusOptions): SubCommand => ({
  name: 'status',
  run: async (run) => {
    const { admin, reason } = await run.access.isAdmin(run.user);
    return admin ? forAdmin(options, run.texts) : forOthers(options, run, reason);
  },
});
