import { parseArgs } from 'node:util';
import { App, LogLevel } from '@slack/bolt';
import { systemClock } from '../../src/clock.ts';
import { createPlayground } from './playground.ts';

/** The workspace alone, with two apps and an echo, to work on the page against. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '3100' },
    file: { type: 'string', default: '.tenkyo/dev/workspace.sqlite' },
    page: { type: 'string' },
  },
});
const [model, search] = ['demo-3m-finetuned', 'tenkyo-search'] as const;
const playground = await createPlayground({
  file: values.file,
  host: '127.0.0.1',
  port: Number(values.port),
  apps: [
    { name: model, description: 'Echo', commands: [], shortcuts: [] },
    {
      name: search,
      description: 'Echo',
      commands: [{ name: '/tenkyo', description: 'Status', usageHint: 'status' }],
      shortcuts: [{ callbackId: 'find', name: 'Find in training data' }],
    },
  ],
  suggestions: [
    { locale: 'ja-JP', text: `@${model} かぜに抗生物質は効きますか？` },
    { locale: 'en-US', text: `@${model} Do antibiotics work against a cold?` },
  ],
  pageDirectory: values.page ?? null,
  clock: systemClock,
});

const start = async (name: string): Promise<App> => {
  const { botToken, appToken } = playground.tokensOf(name);
  const clientOptions = { slackApiUrl: playground.slackApiUrl, retryConfig: { retries: 0 } };
  const app = new App({ token: botToken, appToken, socketMode: true, logLevel: LogLevel.WARN, clientOptions });
  app.event('app_mention', async ({ event, client, context }) => {
    const thread_ts = event.thread_ts ?? event.ts;
    const streamer = client.chatStream({
      channel: event.channel,
      thread_ts,
      recipient_team_id: context.teamId,
      recipient_user_id: event.user,
      buffer_size: 1,
    });
    for (const word of event.text.replace(/<@\w+>/g, '').split(/(?<=\s|。|、)/)) {
      await streamer.append({ markdown_text: word });
      await systemClock.sleep(150);
    }
    await streamer.stop({
      blocks: [
        {
          type: 'actions',
          elements: [
            { type: 'button', text: { type: 'plain_text', text: 'Open' }, action_id: 'open', value: event.ts },
            { type: 'button', text: { type: 'plain_text', text: 'Again' }, action_id: 'again' },
          ],
        },
      ],
    });
  });
  app.action('open', async ({ ack, body, client }) => {
    await ack();
    if (!('trigger_id' in body)) return;
    await client.views.open({
      trigger_id: body.trigger_id,
      view: {
        type: 'modal',
        callback_id: 'echo',
        title: { type: 'plain_text', text: 'Echo' },
        submit: { type: 'plain_text', text: 'Send' },
        blocks: [
          { type: 'section', text: { type: 'mrkdwn', text: '*Hello*' } },
          {
            type: 'input',
            block_id: 'said',
            label: { type: 'plain_text', text: 'Say' },
            element: { type: 'plain_text_input', action_id: 'text' },
          },
        ],
      },
    });
  });
  app.action('again', async ({ ack, respond }) => {
    await ack();
    await respond('Again!');
  });
  app.view('echo', async ({ ack, view }) => {
    const text = view.state.values.said?.text?.value ?? '';
    await (text.length < 3 ? ack({ response_action: 'errors', errors: { said: 'At least 3 letters' } }) : ack());
  });
  app.event('reaction_added', async ({ event, client }) => {
    if (event.reaction !== 'mag' || name !== search) return;
    const { messages } = await client.conversations.replies({ channel: event.item.channel, ts: event.item.ts });
    const found = messages?.[0];
    await client.chat.postMessage({
      channel: event.item.channel,
      thread_ts: found?.thread_ts ?? event.item.ts,
      text: `I would look for: ${found?.text ?? ''}`,
    });
  });
  if (name === search) {
    app.command('/tenkyo', async ({ ack, command }) => ack(`You said: ${command.text}`));
    app.shortcut('find', async ({ ack, respond }) => {
      await ack();
      await respond('Found.');
    });
  }
  await app.start();
  return app;
};

const bots = await Promise.all([start(model), start(search)]);
console.log(`workspace ${playground.url}  page token ${playground.pageToken}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void Promise.all(bots.map((bot) => bot.stop()))
      .then(() => playground.close())
      .then(() => process.exit(0));
  });
}
