import { adminCommand, adminRole } from '../../bots/admin/role.ts';
import { type Bot, type BotRole, createBot } from '../../bots/bot.ts';
import type { Nudge } from '../../bots/desk.ts';
import { homeRole } from '../../bots/home/role.ts';
import type { HttpIntake } from '../../bots/http-intake.ts';
import { modelRole } from '../../bots/model/role.ts';
import type { PassageContext, ReadingHistory } from '../../bots/search/ports.ts';
import { controlsOf } from '../../bots/search/results.ts';
import { searchRole } from '../../bots/search/role.ts';
import type { ModelFacts } from '../../bots/settings/thread-settings.ts';
import { createSettings, type Settings } from '../../src/access/settings.ts';
import { createPdfReader, type PdfReader } from '../../src/chat/files/read-pdf.ts';
import type { Clock } from '../../src/clock.ts';
import { pairsOf } from '../../src/comparison/pairs.ts';
import type { AppConfig, Config } from '../../src/config/config.ts';
import { seededRandom } from '../../src/search/seeded-random.ts';
import type { Logger } from '../../src/telemetry/log.ts';
import type { Meters } from '../../src/telemetry/metrics.ts';
import type { OpenSearch } from './open-search.ts';
import type { Records } from './records.ts';
import type { Status } from './status.ts';
import type { Workspace } from './workspace.ts';

export interface BotParts {
  readonly config: Config;
  /** Names of those to connect. */
  readonly apps: readonly string[];
  readonly records: Records;
  readonly workspace: Workspace;
  readonly delivery: Nudge;
  readonly passages: PassageContext;
  readonly readings: ReadingHistory;
  /** null: Socket Mode. */
  readonly intake: HttpIntake | null;
  readonly meters: Meters;
  readonly status: Pick<Status, 'source'>;
  readonly search: Pick<OpenSearch, 'documents'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const rolesOf = (
  app: AppConfig,
  { config, records, delivery, passages, readings, status, search, meters }: BotParts,
  settings: Settings,
  bots: ReadonlyMap<string, Bot>,
  pdf: PdfReader,
): BotRole[] => {
  const { store, jobs, feed } = records;
  const { corpora, models, limits } = config;
  const rules = { corpora, models, limits };
  const desk = { store, jobs, delivery, passages, readings, settings, rules, meter: meters.inbox };
  const modelFacts = (name: string): ModelFacts | null => {
    const model = models.find((one) => one.name === name);
    if (!model) return null;
    const { temperature, topP, maxTokens, template } = model;
    return { temperature, topP, maxTokens, takesSystem: template !== 'none' };
  };
  const searchApp = config.apps.find(({ roles }) => roles.includes('search'))?.name ?? null;
  const home = homeRole({ ...desk, command: adminCommand, source: status.source(store, jobs), seeded: seededRandom });
  const roles = app.roles.map((role) => {
    if (role === 'search') return searchRole(desk);
    if (role === 'admin') {
      const shown = app.roles.includes('search') || app.roles.includes('model');
      return adminRole({
        ...desk,
        source: status.source(store, jobs),
        pairs: pairsOf(config),
        seeded: seededRandom,
        feed,
        modelFacts,
        models: models.map(({ name }) => name),
        corpora,
        limits,
        documents: search.documents,
        controls: shown ? controlsOf(desk) : { context: false, readings: false },
      });
    }
    return modelRole({
      ...desk,
      feed,
      modelFacts,
      suggestions: config.suggestions,
      pdf,
      model: app.model as string,
      searchApp,
      searchAppIsIn: async (channel) => (searchApp !== null && (await bots.get(searchApp)?.isIn(channel))) || false,
    });
  });
  return [...roles, home];
};

/** Connects the apps of this process. The others are made too, since an app may ask where another is. */
export const startBots = async (parts: BotParts): Promise<readonly Bot[]> => {
  const { config, apps, records, workspace, intake, meters, clock, logger } = parts;
  const settings = createSettings({ repository: records.store.settings, clock });
  const pdf = createPdfReader();
  const bots = new Map<string, Bot>();
  for (const app of config.apps) {
    bots.set(
      app.name,
      createBot({
        app,
        tokens: workspace.tokensOf(app.name),
        intake,
        slackApiUrl: workspace.slackApiUrl,
        roles: rolesOf(app, parts, settings, bots, pdf),
        admins: config.admins,
        meter: meters.slack,
        logger,
        clock,
      }),
    );
  }
  const started = [...bots.values()].filter(({ name }) => apps.includes(name));
  await Promise.all(started.map((bot) => bot.start()));
  return started;
};
