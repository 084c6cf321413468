import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadConfig } from './load.ts';

describe('how Slack reaches the bots, and who runs them', () => {
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'tenkyo-slack-'));
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  const load = (yaml: string, env: Record<string, string> = {}) => {
    writeFileSync(join(cwd, 'tenkyo.yaml'), `apps: [{ name: finder, roles: [search] }]\n${yaml}`);
    return loadConfig({ demonstration: resolve('demo/tenkyo.yaml'), cwd, env });
  };
  const http = 'slack: { receive: http, publicUrl: "https://bots.example.org" }';

  it('is Socket Mode and no operator where nothing is said', () => {
    expect(load('')).toMatchObject({ slack: { receive: 'socket' }, operator: null });
  });

  it('listens for HTTP where it is told, with a signing secret in place of an app-level token', () => {
    const env = { SLACK_LISTEN: '0.0.0.0:8080', FINDER_BOT_TOKEN: 'xoxb-1', FINDER_SIGNING_SECRET: 'abc' };
    expect(load(http, env)).toMatchObject({
      slack: {
        receive: 'http',
        publicUrl: 'https://bots.example.org',
        bodyLimit: 1_048_576,
        listen: { host: '0.0.0.0', port: 8080 },
      },
      apps: [{ tokens: { botToken: 'xoxb-1', appToken: null, signingSecret: 'abc' } }],
    });
    expect(load(http, { SLACK_LISTEN: '[::1]:0' })).toMatchObject({ slack: { listen: { host: '::1', port: 0 } } });
  });

  it.each([
    [http, { FINDER_BOT_TOKEN: 'xoxb-1' }, 'FINDER_SIGNING_SECRET: found nothing'],
    [
      http,
      { FINDER_BOT_TOKEN: 'xoxb-1', FINDER_SIGNING_SECRET: 'xapp-1-A' },
      'FINDER_SIGNING_SECRET: found an app-level token',
    ],
    ['', { FINDER_BOT_TOKEN: 'xapp-1-A', FINDER_APP_TOKEN: 'xoxb-1' }, 'FINDER_BOT_TOKEN: found an app-level token'],
    ['', { FINDER_BOT_TOKEN: 'xapp-1-A', FINDER_APP_TOKEN: 'xoxb-1' }, 'FINDER_APP_TOKEN: found a bot token'],
    ['', { FINDER_BOT_TOKEN: 'xoxp-1', FINDER_APP_TOKEN: 'xapp-1' }, "FINDER_BOT_TOKEN: found a person's token"],
    ['slack: { receive: http }', {}, 'slack.publicUrl: found nothing'],
    ['slack: { receive: http, publicUrl: "http://plain" }', {}, 'slack.publicUrl: found "http://plain"'],
    [http, { SLACK_LISTEN: 'here' }, 'SLACK_LISTEN: found "here"'],
    ['', { OPERATOR_LISTEN: '1:2:3' }, 'OPERATOR_LISTEN: found "1:2:3"'],
    ['', { OPERATOR_LISTEN: '99999' }, 'OPERATOR_LISTEN: found "99999"'],
    ['', { OPERATOR_LISTEN: '9464', OPERATOR_PASSWORD: 'short' }, 'OPERATOR_PASSWORD: found a short one'],
    ['', { OPERATOR_LISTEN: '9464', OPERATOR_BOARD_WRITES: 'yes' }, 'OPERATOR_BOARD_WRITES: found "yes"'],
  ])('refuses %s with %j', (yaml, env, fault) => {
    expect(() => load(yaml, env as Record<string, string>)).toThrow(fault);
  });

  it('has an operator port on this machine alone unless a host is named', () => {
    expect(
      load('', { OPERATOR_LISTEN: '9464', OPERATOR_PASSWORD: 'a long password', OPERATOR_BOARD_WRITES: 'true' })
        .operator,
    ).toEqual({
      listen: { host: '127.0.0.1', port: 9464 },
      password: 'a long password',
      boardWrites: true,
    });
  });
});
