import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeApp } from '../../bots/local-app.ts';
import type { Playground } from '../../playground/server/options.ts';
import { createPlayground } from '../../playground/server/playground.ts';
import { systemClock } from '../../src/clock.ts';
import { actAs, eventually, visibleText } from '../support/person.ts';
import { type RunningTenkyo, startTenkyo } from '../support/running-tenkyo.ts';

const name = 'demo-3m-finetuned';
const app = { name, roles: ['model'] } as const;
const secret = 'marked-signing-secret';

let cwd: string;
let slack: Playground;
let tenkyo: RunningTenkyo | null;
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'tenkyo-http-'));
  tenkyo = null;
  slack = await createPlayground({
    file: join(cwd, 'workspace.sqlite'),
    host: '127.0.0.1',
    port: 0,
    apps: [describeApp(app)],
    suggestions: [],
    pageDirectory: null,
    clock: systemClock,
  });
});
afterEach(async () => {
  await tenkyo?.end('SIGKILL');
  await slack.close();
  rmSync(cwd, { recursive: true, force: true });
});

it('answers a question that Slack sends by HTTP, once, and ends without a word of its secrets', async () => {
  writeFileSync(
    join(cwd, 'tenkyo.yaml'),
    `apps: [{ name: ${name}, roles: [model], model: ${name} }]
models: [{ name: ${name}, provider: onnx, path: "${resolve('demo/models', name)}", earlierTurns: 1 }]
slack: { receive: http, publicUrl: "https://bots.example.org" }
`,
  );
  writeFileSync(join(cwd, 'signing-secret'), `${secret}\n`);
  const data = join(cwd, 'data');
  tenkyo = await startTenkyo(data, {
    cwd,
    env: {
      DEMO_3M_FINETUNED_BOT_TOKEN: slack.tokensOf(name).botToken,
      DEMO_3M_FINETUNED_SIGNING_SECRET_FILE: join(cwd, 'signing-secret'),
      SLACK_API_URL: slack.slackApiUrl,
      SLACK_LISTEN: '127.0.0.1:0',
    },
  });
  const log = (): string => readFileSync(join(data, 'log', 'tenkyo.jsonl'), 'utf8');
  const listening = log()
    .split('\n')
    .find((line) => line.includes('waiting for requests from Slack'));
  const url = `${(JSON.parse(listening ?? '{}') as { url: string }).url}/slack/${name}/events`;

  const hanako = await actAs({ url: slack.url, token: slack.pageToken });
  try {
    const channel = hanako.channel('playground').id;
    const text = `<@${hanako.bot(name).id}> 地震の原因はナマズが動くことですか？`;
    const root = await hanako.send(channel, text);
    const send = (event: string, signedWith: string): Promise<Response> => {
      const body = JSON.stringify({
        type: 'event_callback',
        team_id: 'T1',
        api_app_id: 'A1',
        event_id: event,
        event_time: Math.floor(Date.now() / 1_000),
        event: { type: 'app_mention', user: root.user, channel, text, ts: root.ts, event_ts: root.ts },
      });
      const stamp = String(Math.floor(Date.now() / 1_000));
      const signature = createHmac('sha256', signedWith).update(`v0:${stamp}:${body}`).digest('hex');
      return fetch(url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'x-slack-request-timestamp': stamp,
          'x-slack-signature': `v0=${signature}`,
        },
      });
    };
    expect((await send('Ev0', 'not the secret')).status).toBe(401);
    expect((await send('Ev1', secret)).status).toBe(200);
    // Captured and sent again inside the window: the same question.
    expect((await send('Ev1', secret)).status).toBe(200);
    const replies = async () =>
      (await hanako.thread(channel, root.ts)).filter(({ user, ts }) => user === hanako.bot(name).id && ts !== root.ts);
    await eventually(
      async () => (await replies()).some((message) => !message.streaming && /トークン/.test(visibleText(message))),
      {
        withinMs: 60_000,
        what: 'the answer',
      },
    );
    expect(await replies()).toHaveLength(1);
  } finally {
    hanako.close();
  }
  expect(await tenkyo.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(tenkyo.output() + log()).not.toMatch(/marked-|xox[a-z]-/);
}, 120_000);
