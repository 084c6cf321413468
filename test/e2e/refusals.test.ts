import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runTenkyo, startTenkyo } from '../support/running-tenkyo.ts';

describe('a start that cannot succeed', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenkyo-refusal-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The demonstration in a folder of its own, models by their place in the project, so that one part can be broken. */
  const ownDemonstration = (change: (yaml: string) => string = (yaml) => yaml): string => {
    mkdirSync(join(folder, 'demo'));
    cpSync('demo/run', join(folder, 'demo/run'), { recursive: true });
    cpSync('demo/corpus', join(folder, 'demo/corpus'), { recursive: true });
    const yaml = readFileSync('demo/tenkyo.yaml', 'utf8').replaceAll('models/', `${resolve('demo/models')}/`);
    const file = join(folder, 'demo/tenkyo.yaml');
    writeFileSync(file, change(yaml));
    return file;
  };
  const refused = async (config: string, args: readonly string[] = []) => {
    const { code, stderr } = await runTenkyo([
      'up',
      '--port',
      '0',
      '--data',
      join(folder, 'data'),
      '--config',
      config,
      ...args,
    ]);
    expect(code).toBe(2);
    expect(stderr).not.toMatch(/^\s+at .+:\d+:\d+/m);
    expect(
      stderr
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('tenkyo: ')),
    ).toHaveLength(1);
    return stderr;
  };

  it('names a cut index file of the run', async () => {
    const config = ownDemonstration();
    truncateSync(join(folder, 'demo/run/megatron/ja_web_text_document.idx'), 500);
    const message = await refused(config);
    expect(message).toContain('ja_web_text_document.idx');
    expect(message).toMatch(/expected: .+\n\s+found: .+/);
  });

  it('names a cut cache array', async () => {
    const config = ownDemonstration();
    const array = 'd98914c4319e56624f83a2b8a6350d91-GPTDataset-train-sample_index.npy';
    truncateSync(join(folder, 'demo/run/megatron/cache/blend', array), 700);
    expect(await refused(config)).toContain(array);
  });

  it('names a model file that is missing', async () => {
    const message = await refused(
      ownDemonstration((yaml) => yaml.replace(`${resolve('demo/models')}/demo-3m-finetuned`, join(folder, 'nowhere'))),
    );
    expect(message).toContain(join(folder, 'nowhere'));
  });

  it('names every problem of a broken tenkyo.yaml', async () => {
    const message = await refused(
      ownDemonstration((yaml) =>
        yaml.replace('provider: onnx', 'provider: magic').replace('checkpoint: 261', 'checkpoint: soon'),
      ),
    );
    expect(message).toContain('models[0].provider: found "magic"');
    expect(message).toContain('models[2].checkpoint: found "soon"');
  });

  it('says which port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as { port: number };
    try {
      const { code, stderr } = await runTenkyo(['up', '--port', String(port), '--data', join(folder, 'data')]);
      expect(code).toBe(2);
      expect(stderr).toContain(String(port));
      expect(stderr).toContain('--port');
    } finally {
      server.close();
    }
  });

  it('leaves a data directory alone that a living process holds', async () => {
    const data = join(folder, 'data');
    const first = await startTenkyo(data);
    try {
      const { code, stderr } = await runTenkyo(['up', '--port', '0', '--data', data]);
      expect(code).toBe(2);
      expect(stderr).toContain(String(first.pid));
      expect(stderr).toContain(data);
    } finally {
      await first.end('SIGTERM');
    }
  });

  it.each(['bots', 'workers', 'playground'])('says which servers `%s` needs to run alone', async (role) => {
    const { code, stderr } = await runTenkyo([role, '--data', join(folder, 'data')], {
      env: { REDIS_URL: 'redis://127.0.0.1:1', DATABASE_URL: '' },
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/cannot run as a process of its own[\s\S]+where: DATABASE_URL\n[\s\S]+tenkyo up/);
  });
});
