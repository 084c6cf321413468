import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { systemClock } from '../../src/clock.ts';
import { withSecretFiles } from '../../src/config/secret-files.ts';
import { createHealth } from '../../src/telemetry/health.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { openOperatorServer } from '../../src/telemetry/operator-server.ts';
import { eventually } from '../support/person.ts';
import { runTenkyo } from '../support/running-tenkyo.ts';
import { composeSchema } from './compose-schema.ts';

interface Service {
  readonly image: string;
  readonly build?: { context: string; dockerfile: string };
  readonly command?: readonly string[];
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly (string | { source: string; target: string })[];
  readonly volumes?: readonly string[];
  readonly networks: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly healthcheck: { test: readonly string[] };
  readonly deploy: { resources: { limits: { memory: string } } };
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, object>>;
  readonly secrets: Readonly<Record<string, { file: string }>>;
}

const read = (file: string): string => readFileSync(join('docker', file), 'utf8');
const compose = parse(read('compose.yaml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenkyo-docker-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

describe('the images', () => {
  const instructions = (file: string): string[] =>
    read(file)
      .replaceAll('\\\n', ' ')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
  const stages = (file: string): string[][] => {
    const all: string[][] = [];
    for (const line of instructions(file)) line.startsWith('FROM ') ? all.push([line]) : all.at(-1)?.push(line);
    return all;
  };

  it.each(['Dockerfile', 'elasticsearch.Dockerfile'])('%s has nothing that the linter finds', (file) => {
    expect(validate(read(file))).toEqual([]);
  });

  it('end as somebody else than root, with a healthcheck, from images of one version', () => {
    for (const file of ['Dockerfile', 'elasticsearch.Dockerfile']) {
      const last = stages(file).at(-1) ?? [];
      expect([file, last.findLast((line) => line.startsWith('USER '))]).toEqual([
        file,
        expect.not.stringMatching(/root| 0$/),
      ]);
      expect(last.some((line) => line.startsWith('HEALTHCHECK '))).toBe(true);
      const bases = instructions(file).filter((line) => /^FROM \S+[/:]/.test(line));
      expect(bases.length).toBeGreaterThan(0);
      expect(bases.every((line) => /:v?\d+\.\d+/.test(line))).toBe(true);
    }
  });

  it('brings no development packages and copies only what is there', () => {
    const last = stages('Dockerfile').at(-1)?.join('\n') ?? '';
    expect(last).toContain('--from=packages /app/node_modules');
    expect(
      stages('Dockerfile')
        .find(([from]) => from?.endsWith('AS packages'))
        ?.join('\n'),
    ).toContain('--omit=dev');
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) =>
      sources!.split(' '),
    );
    expect(copied.length).toBeGreaterThan(5);
    for (const source of copied) expect([source, existsSync(source)]).toEqual([source, true]);
    const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
    for (const secret of ['.env', 'docker/secrets', '.tenkyo']) expect(ignored).toContain(secret);
    for (const source of copied) expect(ignored).not.toContain(source);
  });

  it('runs Node of the version that the repository asks for', () => {
    const wanted = readFileSync('.node-version', 'utf8').trim();
    expect(read('Dockerfile')).toMatch(new RegExp(`^FROM node:${wanted}\\.`, 'm'));
  });
});

describe('compose.yaml', () => {
  it('says only what the specification knows', () => {
    const check = new Ajv2020({ allErrors: true, strict: true, strictTuples: false }).compile(composeSchema);
    check(compose);
    expect(check.errors ?? []).toEqual([]);
    const wrong = structuredClone(compose) as unknown as { services: Record<string, Record<string, unknown>> };
    wrong.services.redis!.healtcheck = {};
    expect(check(wrong)).toBe(false);
  });

  it('refers to nothing that is not there', () => {
    for (const [name, { networks, secrets = [], volumes = [], depends_on = {}, build }] of services) {
      for (const network of networks)
        expect([name, compose.networks]).toEqual([name, expect.objectContaining({ [network]: expect.anything() })]);
      for (const secret of secrets) {
        expect(Object.keys(compose.secrets)).toContain(typeof secret === 'string' ? secret : secret.source);
      }
      for (const volume of volumes) {
        // `${LAB:-..}` has a colon of its own.
        const source = volume.replace(/^\$\{[^}]*\}/, '..').split(':')[0]!;
        if (/^[./]/.test(source)) expect([volume, existsSync(join('docker', source))]).toEqual([volume, true]);
        else expect(Object.keys(compose.volumes)).toContain(source);
      }
      for (const [other, { condition }] of Object.entries(depends_on)) {
        expect(compose.services[other]?.healthcheck.test.length).toBeGreaterThan(1);
        expect(condition).toBe('service_healthy');
      }
      if (build) expect(existsSync(join('docker', build.context, build.dockerfile))).toBe(true);
    }
  });

  it('starts the product after its servers, limits every service, and pins every image', () => {
    for (const name of ['bots', 'workers']) {
      expect(Object.keys(compose.services[name]?.depends_on ?? {})).toEqual([
        'redis',
        'postgres',
        'elasticsearch',
        'qdrant',
      ]);
    }
    for (const [name, { image, deploy }] of services) {
      expect([name, image]).toEqual([name, expect.stringMatching(/:[\w.-]*\d[\w.-]*$/)]);
      expect(deploy.resources.limits.memory).toBeDefined();
    }
    expect(compose.services.vllm?.profiles).toEqual(['vllm']);
    expect(compose.services['llama-cpp']?.profiles).toEqual(['llama-cpp']);
  });

  it('publishes nothing but what is bound to this machine, and keeps servers in a network without a way out', () => {
    expect(services.flatMap(([, { ports = [] }]) => ports).filter((port) => !port.startsWith('127.0.0.1:'))).toEqual(
      [],
    );
    expect(compose.networks.servers?.internal).toBe(true);
    for (const name of ['redis', 'postgres', 'elasticsearch', 'qdrant'])
      expect(compose.services[name]?.networks).toEqual(['servers']);
  });

  it('gives secrets by file alone', () => {
    for (const [name, { environment = {} }] of services) {
      const secret = Object.entries(environment).filter(([key]) => /PASSWORD|TOKEN|SECRET|API_KEY/.test(key));
      for (const [key, value] of secret)
        expect([name, key, value]).toEqual([
          name,
          expect.stringMatching(/_FILE$/),
          expect.stringMatching(/^\/run\/secrets\//),
        ]);
    }
  });
});

describe('what the containers run', () => {
  it('make-secrets.mjs makes every file that compose.yaml names, once, as the configuration reads them', () => {
    const make = () => spawnSync(process.execPath, ['docker/make-secrets.mjs', folder], { encoding: 'utf8' });
    expect(make()).toMatchObject({ status: 0, stdout: '', stderr: '' });
    for (const { file } of Object.values(compose.secrets))
      expect(readdirSync(folder)).toContain(file.split('/').at(-1));
    const before = readFileSync(join(folder, 'redis_url'), 'utf8');
    expect(make().status).toBe(0);
    expect(readFileSync(join(folder, 'redis_url'), 'utf8')).toBe(before);

    const env = Object.fromEntries(
      Object.entries(compose.services.bots?.environment ?? {}).map(([key, value]) => [
        key,
        value.replace('/run/secrets', folder),
      ]),
    );
    const problems: never[] = [];
    const filled = withSecretFiles(env, problems);
    expect(problems).toEqual([]);
    expect(filled.REDIS_URL).toMatch(/^redis:\/\/:[0-9a-f]{48}@redis:6379$/);
    expect(filled.DATABASE_URL).toMatch(/^postgresql:\/\/tenkyo:[0-9a-f]{48}@postgres:5432\/tenkyo$/);
    expect(filled.OPERATOR_PASSWORD?.length).toBeGreaterThanOrEqual(12);
  });

  it('makes a folder of secrets that only its owner opens', () => {
    const own = join(folder, 'own');
    spawnSync(process.execPath, ['docker/make-secrets.mjs', own]);
    expect(statSync(own).mode & 0o077).toBe(0);
  });

  it.each(['bots', 'workers'])('%s is a command with these arguments', async (name) => {
    const { code, stdout } = await runTenkyo([...(compose.services[name]?.command ?? []), '--help']);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`tenkyo ${name}`)]);
  });

  it('healthcheck.mjs tells a ready process from one that is not, and from none', async () => {
    const health = createHealth({}, systemClock);
    const server = await openOperatorServer({
      listen: { host: '127.0.0.1', port: 0 },
      password: null,
      boardWrites: false,
      metrics: createMetrics(),
      health,
      queues: [],
    });
    const check = async (): Promise<number | null> => {
      const child = spawn(process.execPath, ['docker/healthcheck.mjs'], {
        env: { ...process.env, NODE_OPTIONS: '', OPERATOR_LISTEN: new URL(server.url).host },
      });
      children.push(child);
      const [code] = (await once(child, 'exit')) as [number | null];
      return code;
    };
    try {
      expect(await check()).toBe(0);
      health.stop();
      expect(await check()).toBe(1);
    } finally {
      await server.close();
    }
    expect(await check()).toBe(1);
  });

  const redis = spawnSync('redis-server', ['--version']).status === 0;
  (redis || process.env.CI ? it : it.skip)(
    'redis-server takes redis.conf: a password, an append-only file, nothing evicted',
    async () => {
      spawnSync(process.execPath, ['docker/make-secrets.mjs', folder]);
      const file = join(folder, 'redis.conf');
      const own = read('redis.conf').replace('/run/secrets', folder);
      const socket = join(folder, 'redis.sock');
      writeFileSync(file, `${own}\nport 0\nunixsocket ${socket}\ndir ${folder}\n`);
      children.push(spawn('redis-server', [file], { stdio: 'ignore' }));
      const ask = (...args: string[]): string => {
        const password = readFileSync(join(folder, 'redis_password'), 'utf8');
        const env = { ...process.env, REDISCLI_AUTH: password };
        return spawnSync('redis-cli', ['-s', socket, ...args], { encoding: 'utf8', env }).stdout.trim();
      };
      await eventually(() => existsSync(socket) && ask('ping') === 'PONG', { what: 'redis-server' });
      expect(ask('config', 'get', 'maxmemory-policy')).toContain('noeviction');
      expect(ask('config', 'get', 'appendonly')).toContain('yes');
      // The healthcheck knows no password.
      const test = compose.services.redis!.healthcheck.test[1]!.replace('redis-cli', `redis-cli -s ${socket}`);
      expect(spawnSync('sh', ['-c', test]).status).toBe(0);
    },
  );
});

describe('monitoring', () => {
  it('asks for metrics that there are', async () => {
    const metrics = createMetrics();
    metrics.watchQueues(async () => [{ queue: 'search', waiting: 0, active: 0, failed: 0 }]);
    const { body } = await metrics.text();
    const known = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, metric, type]) =>
      type === 'histogram' ? [`${metric}_bucket`, `${metric}_count`, `${metric}_sum`] : [metric!],
    );
    const { panels } = JSON.parse(read('grafana/dashboards/tenkyo.json')) as {
      panels: { title: string; targets: { expr: string }[] }[];
    };
    const asked = panels.flatMap(({ targets }) =>
      targets.flatMap(({ expr }) => expr.match(/\b(?:tenkyo|nodejs|process)_\w+/g) ?? []),
    );
    expect(asked.length).toBeGreaterThan(12);
    expect(asked.filter((metric) => !known.includes(metric))).toEqual([]);
  });

  it('scrapes the port that the containers open, with the password that they have', () => {
    const { scrape_configs } = parse(read('prometheus.yml')) as {
      scrape_configs: { basic_auth: { password_file: string }; dns_sd_configs: { names: string[]; port: number }[] }[];
    };
    const [{ basic_auth, dns_sd_configs }] = scrape_configs as [(typeof scrape_configs)[number]];
    expect(basic_auth.password_file).toBe('/run/secrets/operator_password');
    expect(compose.services.prometheus?.secrets).toContain('operator_password');
    expect(dns_sd_configs[0]?.names).toEqual(['bots', 'workers']);
    expect(compose.services.bots?.environment?.OPERATOR_LISTEN).toBe(`0.0.0.0:${dns_sd_configs[0]?.port}`);
    expect(resolve('docker/grafana/provisioning/datasources/prometheus.yaml')).toBeTruthy();
  });
});
