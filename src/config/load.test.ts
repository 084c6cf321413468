import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TenkyoError } from '../errors.ts';
import { loadConfig } from './load.ts';

const demonstration = resolve('demo/tenkyo.yaml');

const minimal = `
apps: [{ name: bot, roles: [model], model: m }, { name: finder, roles: [search, admin] }]
models: [{ name: m, provider: onnx, path: models/m }]
`;

describe('loadConfig', () => {
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'tenkyo-config-'));
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  const load = (yaml: string | null, env: Record<string, string> = {}) => {
    if (yaml !== null) writeFileSync(join(cwd, 'tenkyo.yaml'), yaml);
    return loadConfig({ demonstration, cwd, env });
  };
  const failure = (yaml: string, env: Record<string, string> = {}): TenkyoError => {
    try {
      load(yaml, env);
    } catch (error) {
      if (error instanceof TenkyoError) return error;
      throw error;
    }
    throw new Error('nothing was refused');
  };

  it('uses the demonstration when the lab has declared nothing', () => {
    const config = load(null);
    expect(config.models.map(({ name }) => name)).toEqual(['demo-3m-finetuned', 'demo-3m-base', 'demo-3m-early']);
    expect(config.models[0]).toHaveProperty('path', resolve('demo/models/demo-3m-finetuned'));
    expect(config.dataDirectory).toBe(join(cwd, '.tenkyo'));
  });

  it('makes paths absolute from the file and fills the defaults in', () => {
    const config = load(minimal, { TENKYO_DATA: 'elsewhere' });
    expect(config.models[0]).toMatchObject({
      path: join(cwd, 'models/m'),
      template: 'llm-jp-v2',
      checkpoint: 'last',
      temperature: 0,
    });
    expect(config.dataDirectory).toBe(join(cwd, 'elsewhere'));
    expect(config.embedding).toBeNull();
  });

  it('reads the Elasticsearch server from the environment, and never shows its address', () => {
    expect(load(minimal).elasticsearch).toBeNull();
    const url = 'https://elastic:hunter2@search.example:9200/';
    expect(load(minimal, { ELASTICSEARCH_URL: url }).elasticsearch).toEqual({
      url,
      apiKey: null,
      caFile: null,
      prefix: 'tenkyo',
      shards: 1,
      replicas: null,
      kuromoji: false,
      alone: false,
    });
    const all = {
      ELASTICSEARCH_URL: url,
      ELASTICSEARCH_API_KEY: 'key',
      ELASTICSEARCH_CA_FILE: 'ca.pem',
      ELASTICSEARCH_INDEX_PREFIX: 'lab',
      ELASTICSEARCH_SHARDS: '12',
      ELASTICSEARCH_REPLICAS: '0',
      ELASTICSEARCH_KUROMOJI: 'true',
    };
    expect(load(minimal, all).elasticsearch).toEqual({
      url,
      apiKey: 'key',
      caFile: join(cwd, 'ca.pem'),
      prefix: 'lab',
      shards: 12,
      replicas: 0,
      kuromoji: true,
      alone: false,
    });
    const wrong = {
      ...all,
      ELASTICSEARCH_URL: 'hunter2@search',
      ELASTICSEARCH_SHARDS: '0',
      ELASTICSEARCH_KUROMOJI: 'yes',
      ELASTICSEARCH_ALONE: '1',
    };
    const { message } = failure(minimal, { ...wrong, ELASTICSEARCH_INDEX_PREFIX: 'A B' });
    for (const name of ['URL', 'SHARDS', 'KUROMOJI', 'ALONE', 'INDEX_PREFIX'])
      expect(message).toContain(`ELASTICSEARCH_${name}: found`);
    expect(message).not.toContain('hunter2');
  });

  it('names every problem at once, with path, found and expected', () => {
    const error = failure(`
apps: [{ name: Bot, roles: [model, cook], model: m }]
models: [{ name: m, provider: magic }, { name: n, provider: onnx, path: models/n, colour: red }]
`);
    expect(error.code).toBe('config_invalid');
    expect(error.where).toBe(join(cwd, 'tenkyo.yaml'));
    expect(error.message).toContain('4 problems');
    expect(error.message).toContain('apps[0].name: found "Bot", expected a name of lower-case letters');
    expect(error.message).toContain('apps[0].roles[1]: found "cook", expected "model" or "search" or "admin"');
    expect(error.message).toContain('models[0].provider: found "magic", expected "onnx" or "openai"');
    expect(error.message).toContain('models[1]: found "colour", expected no key "colour" here');
  });

  it('reads a model on servers, its key from the environment', () => {
    const yaml = `
apps: [{ name: bot, roles: [model], model: big-13b }]
models: [{ name: big-13b, provider: openai, baseUrls: [http://a:8000/v1/, https://b/v1], tokenizer: tok }]
`;
    expect(load(yaml, { BIG_13B_API_KEY: 'k' }).models[0]).toMatchObject({
      provider: 'openai',
      baseUrls: ['http://a:8000/v1', 'https://b/v1'],
      apiModel: 'big-13b',
      apiKey: 'k',
      tokenizer: join(cwd, 'tok'),
      template: 'chat_template',
      rendering: 'server',
      contextLength: null,
      concurrency: 8,
      firstTokenSeconds: 120,
      idleSeconds: 30,
    });
    expect(load(yaml).models[0]).toMatchObject({ apiKey: null });
  });

  it('refuses addresses of model servers that are none, hold a password or are given twice', () => {
    const { message } = failure(`
apps: [{ name: bot, roles: [model], model: m }]
models: [{ name: m, provider: openai, rendering: local, baseUrls: [http://u:hunter2@a/v1, http://b/v1, http://b/v1/] }]
`);
    expect(message).toContain('models[0].tokenizer: found nothing');
    expect(message).toContain('models[0].baseUrls[0]: found a name or a password in the address');
    expect(message).toContain('models[0].baseUrls[2]: found "http://b/v1/" again');
    expect(message).not.toContain('hunter2');
    expect(
      failure(`
apps: [{ name: bot, roles: [model], model: m }]
models: [{ name: m, provider: openai, baseUrls: [file:///etc/passwd] }]
`).message,
    ).toContain('models[0].baseUrls[0]: found "file:///etc/passwd", expected an address, http://… or https://…');
  });

  it('finds names that point nowhere and names given twice', () => {
    const error = failure(`
apps: [{ name: bot, roles: [model], model: gone }, { name: bot, roles: [search], model: m }]
models: [{ name: m, provider: onnx, path: p, run: lost }]
corpora: [{ name: c, documents: "*.jsonl", runs: [lost] }]
`);
    expect(error.message).toContain('apps[0].model: found "gone", expected one of m');
    expect(error.message).toContain('apps[1].model: found "m", expected no model');
    expect(error.message).toContain('models[0].run: found "lost", expected a declared one (none is)');
    expect(error.message).toContain('corpora[0].runs[0]: found "lost"');
    expect(error.message).toContain('apps[1].name: found "bot" again');
  });

  it('says line and column of broken YAML', () => {
    expect(failure('apps:\n  - { name: bot\nmodels: [').message).toMatch(
      /line \d+, column \d+: found .+ expected valid YAML/,
    );
  });

  it('refuses a file that is not there', () => {
    expect(() => loadConfig({ demonstration, cwd, env: {}, file: 'none.yaml' })).toThrow('cannot be read');
  });

  it('takes the tokens of every app or of none, and never shows one', () => {
    const tokens = { BOT_BOT_TOKEN: 'xoxb-1', BOT_APP_TOKEN: 'xapp-1' };
    const whole = load(minimal, { ...tokens, FINDER_BOT_TOKEN: 'xoxb-2', FINDER_APP_TOKEN: 'xapp-2' });
    expect(whole.apps.map((app) => app.tokens?.botToken)).toEqual(['xoxb-1', 'xoxb-2']);
    expect(failure(minimal, tokens).message).toContain('tokens of finder: found nothing');

    const wrong = failure(minimal, { ...tokens, BOT_BOT_TOKEN: 'xapp-secret' });
    expect(wrong.message).toContain('BOT_BOT_TOKEN: found an app-level token, expected a bot token (xoxb-…)');
    expect(wrong.message).not.toContain('secret');
  });
});

describe('the embedder', () => {
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'tenkyo-config-'));
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));
  const load = (embedding: string, env: Record<string, string> = {}) => {
    writeFileSync(join(cwd, 'tenkyo.yaml'), `${minimal}\nembedding: ${embedding}\n`);
    return loadConfig({ demonstration, cwd, env }).embedding;
  };

  it('takes prefixes, pooling and dimensions from its preset, and what is declared before it', () => {
    expect(load('{ provider: onnx, path: e, preset: bge-m3 }')).toEqual({
      provider: 'onnx',
      path: join(cwd, 'e'),
      hub: null,
      pooling: 'cls',
      queryPrefix: '',
      passagePrefix: '',
      centred: false,
      cache: false,
      cacheBytes: 4_096 * 2 ** 20,
      workers: null,
    });
    expect(load('{ provider: onnx, path: e, workers: 2, cacheMegabytes: 1 }')).toMatchObject({
      workers: 2,
      cacheBytes: 2 ** 20,
    });
    expect(load('{ provider: onnx, path: e, preset: ruri-v3-30m, passagePrefix: "文: " }')).toMatchObject({
      pooling: 'mean',
      queryPrefix: '検索クエリ: ',
      passagePrefix: '文: ',
    });
    expect(load('{ provider: onnx, hub: a/b, revision: v1 }', { HF_ENDPOINT: 'https://hub.example/' })).toMatchObject({
      path: join(cwd, '.tenkyo', 'models', 'a--b@v1'),
      hub: { id: 'a/b', revision: 'v1', endpoint: 'https://hub.example' },
    });
    expect(() => load('{ provider: onnx }')).toThrow('one of the two');
    expect(() => load('{ provider: onnx, path: e, hub: a/b }')).toThrow('one of the two');
    const server = '{ provider: openai, baseUrl: "http://gpu-01:8000/v1", model: e5, preset: multilingual-e5-large }';
    expect(load(server, { EMBEDDING_API_KEY: 'secret' })).toMatchObject({
      dimensions: 1024,
      queryPrefix: 'query: ',
      passagePrefix: 'passage: ',
      centred: true,
      cache: true,
      apiKey: 'secret',
      batchSize: 32,
    });
  });

  it('weighs the vectors of a strong model as measured for it, unless the lab says otherwise', () => {
    const e5 = '{ provider: openai, baseUrl: "http://127.0.0.1:1/v1", model: m, preset: multilingual-e5-small }';
    writeFileSync(join(cwd, 'tenkyo.yaml'), `${minimal}\nembedding: ${e5}\n`);
    const fusion = () => loadConfig({ demonstration, cwd, env: {} }).search.fusion;
    expect(fusion()).toMatchObject({ method: 'adaptive', native: { least: 0.3 } });
    writeFileSync(join(cwd, 'tenkyo.yaml'), `${minimal}\nembedding: ${e5}\nsearch: { fusion: { method: rank } }\n`);
    expect(fusion()).toEqual({ method: 'rank' });
    writeFileSync(join(cwd, 'tenkyo.yaml'), minimal);
    expect(fusion()).toEqual({ method: 'adaptive' });
  });

  it('has no reranker unless one is declared, in a folder or on a hub', () => {
    const reranker = (yaml: string) => {
      writeFileSync(join(cwd, 'tenkyo.yaml'), `${minimal}\nsearch: { reranker: ${yaml} }\n`);
      return loadConfig({ demonstration, cwd, env: {} }).search.reranker;
    };
    expect(reranker('null')).toBeNull();
    expect(reranker('{ path: models/r }')).toEqual({
      path: join(cwd, 'models/r'),
      hub: null,
      weights: 'model_quantized',
      top: 30,
      maxTokens: 512,
      timeoutMs: 1_500,
    });
    expect(reranker('{ hub: a/b, revision: v1, weights: model_qint8_avx2, top: 10 }')).toMatchObject({
      path: join(cwd, '.tenkyo', 'models', 'a--b@v1'),
      hub: { id: 'a/b', revision: 'v1', endpoint: 'https://huggingface.co' },
      weights: 'model_qint8_avx2',
      top: 10,
    });
    expect(() => reranker('{}')).toThrow('search.reranker');
    expect(() => reranker('{ path: r, hub: a/b }')).toThrow('one of the two');
    expect(() => reranker('{ path: r, weights: ../../other }')).toThrow('search.reranker.weights');
  });

  it('leaves the prefix to a server that is told the role', () => {
    const preset = 'preset: multilingual-e5-small';
    expect(
      load(`{ provider: openai, baseUrl: "http://127.0.0.1:1/v1", model: m, inputType: true, ${preset} }`),
    ).toMatchObject({ queryPrefix: '', passagePrefix: '', inputType: true, dimensions: 384, apiKey: null });
  });

  it('is refused without dimensions, with no address, and with a preset that there is not', () => {
    const refusal = (embedding: string): string => {
      try {
        load(embedding);
      } catch (error) {
        return (error as Error).message;
      }
      throw new Error('nothing was refused');
    };
    expect(refusal('{ provider: openai, baseUrl: "http://127.0.0.1:1/v1", model: m }')).toContain(
      'embedding.dimensions: found nothing',
    );
    expect(refusal('{ provider: openai, baseUrl: gpu-01, model: m, dimensions: 3 }')).toContain('embedding.baseUrl');
    expect(refusal('{ provider: onnx, path: e, preset: gpt }')).toContain('embedding.preset');
  });
});

describe('the Qdrant server', () => {
  const load = (env: Record<string, string>) => loadConfig({ demonstration, cwd: tmpdir(), env }).qdrant;

  it('comes from the environment, or is none', () => {
    expect(load({})).toBeNull();
    expect(load({ QDRANT_URL: 'https://q:6333', QDRANT_API_KEY: 'secret', QDRANT_SHARDS: '4' })).toEqual({
      url: 'https://q:6333',
      apiKey: 'secret',
      namespace: 'tenkyo',
      shards: 4,
      replicas: 1,
    });
  });

  it('is refused with every setting that is wrong, and never shows its key', () => {
    const wrong = { QDRANT_URL: 'q', QDRANT_NAMESPACE: 'A b', QDRANT_SHARDS: '0', QDRANT_API_KEY: 'secret' };
    expect(() => load(wrong)).toThrow(/QDRANT_URL.+QDRANT_NAMESPACE.+QDRANT_SHARDS/s);
    expect(() => load(wrong)).not.toThrow('secret');
  });
});
