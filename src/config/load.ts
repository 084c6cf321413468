import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { TenkyoError } from '../errors.ts';
import { strongVectors } from '../search/strong-vectors.ts';
import type { AppConfig, Config } from './config.ts';
import { partsOf } from './corpora.ts';
import { databaseFrom } from './database.ts';
import { elasticsearchFrom } from './elasticsearch.ts';
import { embeddingFrom } from './embedding.ts';
import { exportKeyFrom } from './export-key.ts';
import { modelFrom } from './models.ts';
import { operatorFrom } from './operator.ts';
import { invalidConfiguration, type Problem, problemsOf } from './problems.ts';
import { qdrantFrom } from './qdrant.ts';
import { redisFrom } from './redis.ts';
import { referenceProblems } from './references.ts';
import { rerankerFrom } from './reranker-schema.ts';
import { type Declarations, declarations } from './schema.ts';
import { withSecretFiles } from './secret-files.ts';
import { slackFrom } from './slack.ts';
import { appTokens, type Environment } from './tokens.ts';

export interface LoadOptions {
  /** `--config`; else `tenkyo.yaml` in the working directory, else the demonstration's. */
  readonly file?: string;
  /** `--data`; else `TENKYO_DATA`, else `.tenkyo` in the working directory. */
  readonly data?: string;
  readonly demonstration: string;
  readonly cwd: string;
  readonly env: Environment;
}

const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new TenkyoError('config_invalid', 'the configuration file cannot be read', {
      where: file,
      found: (error as NodeJS.ErrnoException).code ?? String(error),
      remedy: 'Give the path of a readable file with --config, or leave it out to use the demonstration.',
      cause: error,
    });
  }
};

const parse = (file: string): unknown => {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw invalidConfiguration(
      file,
      document.errors.map(({ message, pos: [at] }) => {
        const { line, col } = lines.linePos(at);
        return { path: `line ${line}, column ${col}`, found: message, expected: 'valid YAML' };
      }),
    );
  }
  return document.toJS();
};

const withTokens = (declared: Declarations, env: Environment, problems: Problem[]): AppConfig[] => {
  const apps = declared.apps.map((app) => {
    const { tokens, problems: found } = appTokens(app.name, env, declared.slack.receive);
    problems.push(...found);
    return { ...app, tokens };
  });
  // Half of the apps in Slack and half in the local workspace would talk past each other.
  if (problems.length === 0 && apps.some(({ tokens }) => tokens) && !apps.every(({ tokens }) => tokens)) {
    for (const { name } of apps.filter(({ tokens }) => !tokens)) {
      problems.push({
        path: `tokens of ${name}`,
        found: 'nothing',
        expected: 'tokens for every app, or for none (local workspace)',
      });
    }
  }
  return apps;
};

/** Weights that nobody set are those measured for the kind of model. */
const fusionFor = ({ search: { fusion } }: Declarations, centred: boolean): Config['search']['fusion'] =>
  centred && fusion.method === 'adaptive' ? { ...strongVectors, ...fusion } : fusion;

/**
 * Reads and validates the configuration.
 *
 * @throws TenkyoError `config_invalid`, naming every problem at once with its path, what was found and what is expected
 */
export const loadConfig = ({ file, data, demonstration, cwd, env: given }: LoadOptions): Config => {
  const own = join(cwd, 'tenkyo.yaml');
  const source = file !== undefined ? resolve(cwd, file) : existsSync(own) ? own : demonstration;
  const input = parse(source);
  const parsed = declarations.safeParse(input);
  if (!parsed.success) throw invalidConfiguration(source, problemsOf(parsed.error, input));

  const declared = parsed.data;
  const problems = referenceProblems(declared);
  const env = withSecretFiles(given, problems);
  const apps = withTokens(declared, env, problems);
  const elasticsearch = elasticsearchFrom(env, { cwd, problems });
  const qdrant = qdrantFrom(env, problems);
  const redis = redisFrom(env, { cwd, problems });
  const database = databaseFrom(env, { cwd, problems });
  const slack = slackFrom(declared.slack, env, problems);
  const operator = operatorFrom(env, problems);
  const exportKey = exportKeyFrom(env, problems);
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(dirname(source), path));
  const dataDirectory = resolve(cwd, data ?? (env.TENKYO_DATA || '.tenkyo'));
  const place = { absolute, models: join(dataDirectory, 'models'), env, problems };
  const embedding = declared.embedding && embeddingFrom(declared.embedding, place);
  const reranker = declared.search.reranker && rerankerFrom(declared.search.reranker, place);
  if (problems.length > 0) throw invalidConfiguration(source, problems);

  return {
    apps,
    admins: declared.admins,
    limits: declared.limits,
    runs: declared.runs.map((run) => ({ ...run, file: absolute(run.file) })),
    models: declared.models.map((model) => modelFrom(model, { absolute, env })),
    comparisons: declared.comparisons,
    corpora: declared.corpora.map((corpus) => ({
      name: corpus.name,
      documents: partsOf(corpus, absolute),
      runs: corpus.runs,
      visibility: corpus.visibility,
    })),
    embedding,
    search: { fusion: fusionFor(declared, embedding?.centred ?? false), reranker },
    elasticsearch,
    qdrant,
    redis,
    database,
    shutdownMs: declared.shutdownTimeout * 1_000,
    suggestions: declared.suggestions,
    exportKey,
    dataDirectory,
    slackApiUrl: env.SLACK_API_URL || null,
    slack,
    operator,
    file: source,
  };
};
