import type { KnownBlock } from '@slack/types';
import type { TeamSettings } from '../../src/access/settings.ts';
import type { MessageContent } from '../../src/delivery/presenter.ts';
import { reasonFor, type Texts } from '../../src/i18n/texts.ts';
import { context, divider, header, section } from '../../src/slack/blocks.ts';
import { slackDate } from '../../src/slack/date.ts';
import { inlineText } from '../../src/slack/escape.ts';
import { SECTION_TEXT, UPDATE_TEXT } from '../../src/slack/limits.ts';
import type { WorkCounts } from '../../src/store/store.ts';
import type { CorpusStatus, ModelStatus, WorkerStatus } from './status-source.ts';

export interface StatusFacts {
  readonly models: readonly ModelStatus[];
  readonly corpora: readonly CorpusStatus[];
  readonly workers: readonly WorkerStatus[];
  /** Whether the queues answer. */
  readonly queues: boolean;
  readonly answers: WorkCounts;
  readonly searches: WorkCounts;
  readonly settings: Pick<TeamSettings, 'list' | 'value'>;
  readonly now: number;
}

/** A message has room for 50 blocks. */
const mostModels = 9;
const mostCorpora = 6;
const mostWorkers = 8;
const failuresNamed = 3;

const signs = { up: '🟢', partly: '🟡', starting: '🟡', idle: '⚪', down: '🔴' } as const;
const dot = ' · ';

const since = (at: number | null, now: number): number | null =>
  at === null ? null : Math.max(0, Math.round((now - at) / 1_000));

const serversOf = ({ servedBy }: ModelStatus) => servedBy.flatMap((one) => (one.kind === 'servers' ? one.servers : []));

/** What computes the model: the processors of local ones, the addresses of servers with how they are. */
const servedText = (model: ModelStatus, { admin }: Texts): string[] => {
  const servers = serversOf(model).map(({ address, up }) => `${inlineText(address)} ${up ? '✓' : '✗'}`);
  return [
    ...model.servedBy.flatMap((one) => (one.kind === 'onnx' ? [admin.devices[one.device]] : [])),
    ...(servers.length === 0 ? [] : [admin.servers(servers)]),
  ];
};

const pauseOf = ({ settings }: StatusFacts, model: string, { admin }: Texts): string | null => {
  const pause = settings.value('model', model);
  return pause?.value.paused ? admin.pausedBy(`<@${pause.changedBy}>`, slackDate(pause.changedAt)) : null;
};

const modelBlocks = (model: ModelStatus, facts: StatusFacts, texts: Texts): KnownBlock[] => {
  const { admin } = texts;
  const { name, state, running, waiting, oldestWaitingAt, tokensPerSecond } = model;
  const pause = pauseOf(facts, name, texts);
  const work = [
    ...servedText(model, texts),
    admin.running(running),
    admin.waiting(waiting, since(oldestWaitingAt, facts.now)),
    ...(tokensPerSecond === null ? [] : [admin.tokensPerSecond(tokensPerSecond)]),
  ];
  const said = [
    ...(pause === null || state !== 'up' ? [admin.modelStates[state]] : []),
    ...(pause === null ? [] : [pause]),
  ].join(dot);
  return [section(`${pause === null ? signs[state] : '⏸'} *${inlineText(name)}*　${said}`), context(work.join(dot))];
};

/** Models that no app answers with, and those that are paused and not configured any more. */
const unlistedBlocks = (facts: StatusFacts, texts: Texts): KnownBlock[] => {
  const { admin } = texts;
  const named = (name: string, sign: string, more: string | null): string => {
    const pause = pauseOf(facts, name, texts);
    const said = [...(more === null ? [] : [more]), ...(pause === null ? [] : [pause])].join(dot);
    return `${pause === null ? sign : '⏸'} ${inlineText(name)}${said === '' ? '' : ` (${said})`}`;
  };
  const configured = facts.models
    .filter(({ listed }) => !listed)
    .map(({ name, state }) => named(name, signs[state], null));
  const gone = facts.settings
    .list('model')
    .filter(({ key }) => facts.models.every(({ name }) => name !== key))
    .map(({ key }) => named(key, '⚪', admin.notConfigured));
  const all = [...configured, ...gone];
  return all.length === 0 ? [] : [context(admin.unlisted(all).slice(0, SECTION_TEXT))];
};

/** Two lines of mrkdwn: a corpus and its size; its engines and how fresh it is. */
export const corpusLines = ({ name, index, engines }: CorpusStatus, texts: Texts): readonly [string, string | null] => {
  const { admin } = texts;
  const line = (sign: string, said: string): string => `${sign} *${inlineText(name)}*　${said}`;
  if (index.state === 'missing') return [line('⚪', admin.noIndex), null];
  if (index.state === 'building') return [line('🟡', admin.building(index.done, index.total)), null];
  if (index.state === 'failed') return [line('🔴', admin.indexFailed(reasonFor(texts, index.code))), null];
  const on = (['exact', 'keyword', 'vector'] as const).map(
    (engine) => `${admin.engines[engine]} ${engines[engine] ? '✓' : '✗'}`,
  );
  return [
    line('🟢', admin.documents(index.documents, index.passages)),
    [...on, admin.indexOf(slackDate(Date.parse(index.builtAt)))].join(dot),
  ];
};

const corpusBlocks = (corpus: CorpusStatus, texts: Texts): KnownBlock[] => {
  const [line, more] = corpusLines(corpus, texts);
  return [section(line), ...(more === null ? [] : [context(more)])];
};

const workerText = ({ host, pid, models, search, index }: WorkerStatus, { admin }: Texts): string =>
  admin.worker(inlineText(host), pid, [
    ...(models.length === 0 ? [] : [admin.answersOf(models.map((name) => inlineText(name)))]),
    ...(search ? [admin.searches] : []),
    ...(index ? [admin.indexing] : []),
  ]);

/** What an admin should look at, most pressing first; one a line. */
const troublesOf = (facts: StatusFacts, texts: Texts): string[] => {
  const { admin } = texts;
  const troubles: string[] = [];
  if (!facts.queues) troubles.push(admin.queuesSilent);
  if (facts.workers.length === 0) troubles.push(admin.noWorkers);
  for (const model of facts.models.filter(({ listed }) => listed)) {
    const servers = serversOf(model);
    const down = servers.filter(({ up }) => !up).map(({ address }) => inlineText(address));
    const said =
      down.length > 0
        ? admin.serversDown(down, servers.length)
        : model.state === 'down' && facts.workers.length > 0
          ? admin.noWorker
          : null;
    if (said !== null) troubles.push(`*${inlineText(model.name)}*: ${said}`);
    const pause = pauseOf(facts, model.name, texts);
    if (pause !== null) troubles.push(`*${inlineText(model.name)}*: ⏸ ${pause}`);
  }
  if (facts.workers.length > 0 && facts.corpora.length > 0 && !facts.workers.some(({ search }) => search)) {
    troubles.push(admin.noWorkerFor(admin.searches));
  }
  for (const { name, index } of facts.corpora) {
    const said =
      index.state === 'missing'
        ? admin.noIndex
        : index.state === 'failed'
          ? admin.indexFailed(reasonFor(texts, index.code))
          : null;
    if (said !== null) troubles.push(`*${inlineText(name)}*: ${said}`);
  }
  const failed = facts.answers.failedLastHour + facts.searches.failedLastHour;
  if (failed > 0) {
    const reasons = [...facts.answers.failures, ...facts.searches.failures]
      .toSorted((a, b) => b.count - a.count)
      .slice(0, failuresNamed)
      .map(({ code, count }) => `${reasonFor(texts, code)} × ${texts.format.number(count)}`);
    troubles.push(`${admin.failedLastHour(failed)}: ${reasons.join(' / ')}`);
  }
  return troubles;
};

/** The first few of a list, and how many are left out. */
const some = <Item>(items: readonly Item[], most: number, show: (item: Item) => KnownBlock[], { admin }: Texts) => [
  ...items.slice(0, most).flatMap(show),
  ...(items.length > most ? [context(admin.more(items.length - most))] : []),
];

/** Everything at a glance: what needs a look first, then the models, the search and the workers. */
export const presentStatus = (facts: StatusFacts, texts: Texts): MessageContent => {
  const { admin } = texts;
  const troubles = troublesOf(facts, texts);
  const summary =
    troubles.length === 0 ? admin.allWell : [admin.lookAt, ...troubles.map((trouble) => `• ${trouble}`)].join('\n');
  const { searches, workers, now } = facts;
  const listed = facts.models.filter((model) => model.listed);
  const searching = [
    admin.searching(searches.running),
    admin.waiting(searches.queued, since(searches.oldestQueuedAt, now)),
  ].join(dot);
  return {
    text: [`*${admin.statusTitle}*`, summary].join('\n').slice(0, UPDATE_TEXT),
    blocks: [
      header(admin.statusTitle),
      section(summary.slice(0, SECTION_TEXT)),
      divider(),
      section(`*${admin.modelsTitle}*`),
      ...some(listed, mostModels, (model) => modelBlocks(model, facts, texts), texts),
      ...unlistedBlocks(facts, texts),
      divider(),
      section(`*${admin.corporaTitle}*　${searching}`),
      ...some(facts.corpora, mostCorpora, (corpus) => corpusBlocks(corpus, texts), texts),
      divider(),
      section(`*${admin.workersTitle}*　${texts.format.number(workers.length)}`),
      ...some(workers, mostWorkers, (worker) => [context(workerText(worker, texts))], texts),
      context(
        [admin.failedLastHour(facts.answers.failedLastHour + searches.failedLastHour), admin.seen(slackDate(now))].join(
          dot,
        ),
      ),
    ],
  };
};
