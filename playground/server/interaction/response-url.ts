import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { RESPONSE_URL_LIFETIME_MS, RESPONSE_URL_USES } from '../../../src/slack/limits.ts';
import { type Arguments, createArguments } from '../arguments.ts';
import { change, post, remove, removeWhisper, rewriteWhisper, whisper } from '../conversation/post.ts';
import { readContent } from '../methods/content.ts';
import { SlackFault } from '../slack-fault.ts';
import type { InstalledApp } from '../state/apps.ts';
import type { ResponseUrl } from '../state/response-urls.ts';
import type { Workspace } from '../workspace.ts';

/** An address through which an app may answer one interaction: five times, for half an hour. */
export const issueResponseUrl = (
  workspace: Workspace,
  place: { appId: string; channel: string; user: string; messageTs: string | null },
): string => {
  const { store, clock, ids, team } = workspace;
  const now = clock.now();
  const secret = ids.secret();
  store.transaction(() => {
    store.responseUrls.removeExpired(now);
    store.responseUrls.add(secret, { ...place, expires: now + RESPONSE_URL_LIFETIME_MS });
  });
  return `${workspace.address()}/response/${team.id}/${secret}`;
};

/** Says what an app answered: a new message, or the one that was acted on replaced or taken away. */
export const respond = (
  workspace: Workspace,
  app: InstalledApp,
  { channel, user, messageTs }: Pick<ResponseUrl, 'channel' | 'user' | 'messageTs'>,
  args: Arguments,
): void => {
  const { store, ephemerals } = workspace;
  const hidden = messageTs === null ? undefined : ephemerals.find(channel, messageTs);
  const shown = messageTs === null ? undefined : store.messages.find(channel, messageTs);
  if (args.flag('delete_original')) {
    if (hidden) removeWhisper(workspace, hidden);
    else if (shown?.appId === app.id) remove(workspace, shown);
    return;
  }
  const content = readContent({ workspace, app, args });
  if (args.flag('replace_original')) {
    if (hidden) rewriteWhisper(workspace, { ...hidden, ...content });
    else if (shown?.appId === app.id) change(workspace, shown, { ...shown, ...content });
    return;
  }
  const threadTs = args.text('thread_ts') ?? hidden?.threadTs ?? shown?.threadTs ?? null;
  const message = { ...content, channel, user: app.userId, appId: app.id, threadTs };
  if (args.text('response_type') === 'in_channel') post(workspace, message);
  else whisper(workspace, message, user);
};

const failure = (status: 404 | 400, error: string): Response => Response.json({ ok: false, error }, { status });

/** `/response/<team>/<secret>`: https://docs.slack.dev/interactivity/handling-user-interaction */
export const createResponseUrlRoutes = (workspace: Workspace): Hono => {
  const { store, clock } = workspace;
  const routes = new Hono();
  routes.use(bodyLimit({ maxSize: 1 << 20 }));
  routes.post('/:team/:secret', async (context) => {
    const secret = context.req.param('secret');
    const url = store.responseUrls.find(secret);
    const app = url && store.apps.find(url.appId);
    if (!url || !app?.installed) return failure(404, 'invalid_url');
    if (url.expires < clock.now()) return failure(404, 'expired_url');
    if (url.uses >= RESPONSE_URL_USES) return failure(404, 'used_url');
    const body: unknown = await context.req.json().catch(() => null);
    if (typeof body !== 'object' || body === null) return failure(400, 'invalid_payload');
    try {
      store.transaction(() => {
        store.responseUrls.use(secret);
        respond(workspace, app, url, createArguments(body as Record<string, unknown>));
      });
    } catch (error) {
      if (error instanceof SlackFault) return failure(400, error.code);
      throw error;
    }
    return context.text('ok');
  });
  return routes;
};
