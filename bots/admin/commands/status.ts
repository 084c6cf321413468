import type { Settings } from '../../../src/access/settings.ts';
import type { Texts } from '../../../src/i18n/texts.ts';
import type { Jobs, QueueCounts } from '../../../src/jobs/jobs.ts';
import { inlineText } from '../../../src/slack/escape.ts';
import type { Store, WorkCounts } from '../../../src/store/store.ts';
import type { CommandCall, SubCommand } from '../command.ts';
import { linesMessage } from '../present-page.ts';
import type { CorpusStatus, ModelStatus, StatusSource, WorkerStatus } from '../status-source.ts';

export interface StatusOptions {
  readonly source: StatusSource;
  readonly jobs: Pick<Jobs, 'counts'>;
  readonly store: Pick<Store, 'answers' | 'searches'>;
  readonly settings: Pick<Settings, 'of'>;
  now(): number;
}

/** The admins named in the line that everybody gets; a workspace may have many. */
const adminsNamed = 5;
const workersNamed = 8;
const failuresNamed = 3;

/** The longer of the words for a label are not padded: mrkdwn has no columns. */
const line = (label: string, name: string, facts: readonly string[]): string =>
  [label, inlineText(name), facts.join(' · ')].join('  ');

const modelLine = (
  { name, state, tokensPerSecond }: ModelStatus,
  queues: readonly QueueCounts[],
  paused: boolean,
  { admin }: Texts,
): string => {
  const queue = queues.find((one) => one.queue === `generate-${name}`);
  return line(admin.modelsLabel, name, [
    admin.modelStates[state],
    ...(paused ? [admin.paused] : []),
    ...(queue ? [admin.running(queue.active), admin.waiting(queue.waiting)] : []),
    ...(tokensPerSecond === null ? [] : [admin.tokensPerSecond(tokensPerSecond)]),
  ]);
};

/** A corpus, its index and how fresh it is. */
export const corpusLine = ({ name, index, engines }: CorpusStatus, { admin, format }: Texts): string => {
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

const queuesLine = (
  queues: readonly QueueCounts[],
  work: Readonly<Record<'generate' | 'search', WorkCounts>>,
  now: number,
  { admin }: Texts,
): string => {
  const waiting = new Map<string, number>();
  for (const { queue, waiting: count } of queues) {
    const kind = queue.startsWith('generate-') ? 'generate' : queue;
    waiting.set(kind, (waiting.get(kind) ?? 0) + count);
  }
  const counts = [...waiting].map(([kind, count]) => {
    const oldest = kind === 'generate' || kind === 'search' ? work[kind].oldestQueuedAt : null;
    const longest = oldest === null ? '' : ` (${admin.longest(Math.max(0, Math.round((now - oldest) / 1_000)))})`;
    return `${inlineText(kind)} ${admin.waiting(count)}${longest}`;
  });
  const failures = [...work.generate.failures, ...work.search.failures];
  const total = work.generate.failedLastHour + work.search.failedLastHour;
  const codes = failures.slice(0, failuresNamed).map(({ code, count }) => `${inlineText(code)} ${count}`);
  const failed = `${admin.failedLastHour(total)}${codes.length > 0 ? ` (${codes.join(', ')})` : ''}`;
  return [admin.queuesLabel, [...counts, failed].join(' · ')].join('  ');
};

const workersLine = (workers: readonly WorkerStatus[], { admin }: Texts): string => {
  const named = workers
    .slice(0, workersNamed)
    .map(
      ({ host, pid, queues }) => `${inlineText(host)}:${pid} (${queues.map((queue) => inlineText(queue)).join(', ')})`,
    );
  return [admin.workersLabel, [admin.workersAlive(workers.length), ...named].join(' · ')].join('  ');
};

const forAdmin = async ({ source, jobs, store, settings, now }: StatusOptions, { team, texts }: CommandCall) => {
  const [models, corpora, workers, queues, generate, search, set] = await Promise.all([
    source.models(),
    source.corpora(),
    source.workers(),
    jobs.counts(),
    store.answers.counts(),
    store.searches.counts(),
    settings.of(team),
  ]);
  const isPaused = (model: string): boolean => set.value('model', model)?.value.paused === true;
  return linesMessage([
    `*${texts.admin.statusTitle}*`,
    ...models.map((model) => modelLine(model, queues, isPaused(model.name), texts)),
    ...corpora.map((corpus) => corpusLine(corpus, texts)),
    queuesLine(queues, { generate, search }, now(), texts),
    workersLine(workers, texts),
  ]);
};

const forOthers = async ({ source, settings }: StatusOptions, { team, texts, access }: CommandCall) => {
  const { admin } = texts;
  const [models, admins, set] = await Promise.all([source.models(), access.admins(), settings.of(team)]);
  const brief = admin.brief({
    models: models.map(({ name, state }) =>
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
