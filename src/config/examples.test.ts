import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { environmentVariables } from './example-environment.ts';
import { exampleFiles } from './example-files.ts';
import { settingsOf } from './example-yaml.ts';
import { loadConfig } from './load.ts';
import { declarations } from './schema.ts';

const files = exampleFiles();

it.each(Object.keys(files))('%s is what `npm run examples` writes (run it, and commit what it wrote)', (name) => {
  expect(readFileSync(name, 'utf8')).toBe(files[name]);
});

describe('tenkyo.example.yaml', () => {
  const settings = settingsOf(declarations);
  const leaves = settings.filter(({ inside }) => !['object', 'union', 'array'].includes(inside.type));

  it('sees the settings, nested ones and alternatives too', () => {
    const paths = settings.map(({ path }) => path);
    for (const path of [
      'apps[].roles',
      'admins.userGroup',
      'corpora[].documents[].fields.text',
      'embedding.baseUrl',
      'search.fusion.native.most',
    ]) {
      expect(paths).toContain(path);
    }
  });

  it('has a meaning for each (else: give the setting a `.describe("…")` or `.meta({ description, examples })` in src/config)', () => {
    expect(
      settings.filter(({ description }) => !description || description.length < 8).map(({ path }) => path),
    ).toEqual([]);
  });

  it('has a value to show for each (else: give the setting a default, or `.meta({ description, examples: [value] })`)', () => {
    const without = leaves.filter(
      ({ example, usual, inside }) => example === undefined && usual === undefined && !inside.values,
    );
    expect(without.map(({ path }) => path)).toEqual([]);
  });

  it('shows values that are valid', () => {
    const wrong = leaves.flatMap(({ path, core, example, usual }) =>
      [example, usual]
        .filter((value) => value !== undefined && !core.safeParse(value).success)
        .map((value) => `${path}: ${value}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the examples', () => {
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'tenkyo-examples-'));
    writeFileSync(join(cwd, 'tenkyo.yaml'), files['tenkyo.example.yaml'] as string);
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  /** Every variable of the example set to what it shows, and which of them the configuration then reads. */
  const withEverything = () => {
    const named = environmentVariables.map(({ name, example }) => {
      const own = name.replace('<APP>', 'OUR_MODEL').replace('<MODEL>', 'OUR_MODEL');
      return [own, example] as const;
    });
    const read = new Set<string>();
    const env = new Proxy(Object.fromEntries(named) as Record<string, string>, {
      get: (target, name) => {
        if (typeof name === 'string') read.add(name);
        return Reflect.get(target, name) as string | undefined;
      },
    });
    const config = loadConfig({ demonstration: resolve('demo/tenkyo.yaml'), cwd, env });
    return { config, read, names: named.map(([name]) => name) };
  };

  it('load as they are, and with every variable set', () => {
    expect(loadConfig({ demonstration: resolve('demo/tenkyo.yaml'), cwd, env: {} }).apps).toHaveLength(1);
    expect(withEverything().config.operator).toMatchObject({ listen: { port: 9464 } });
  });

  it('name every variable that is read, and no other (else: mend environmentSections in src/config/environment.ts)', () => {
    const { read, names } = withEverything();
    expect(read.size).toBeGreaterThan(15);
    expect([...read].toSorted()).toEqual(names.toSorted());
  });
});
