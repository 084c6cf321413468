import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type Arguments, createArguments } from '../arguments.ts';
import type { Faults } from '../faults/faults.ts';
import { SlackFault } from '../slack-fault.ts';
import type { InstalledApp } from '../state/apps.ts';
import type { Workspace } from '../workspace.ts';
import { METHODS } from './table.ts';

type Environment = { Bindings: HttpBindings };
type Values = Record<string, unknown>;

const MOST_BYTES = 4 << 20;

/** JSON or a form, as the content type says; Slack takes the arguments of reading methods in the address as well. */
const readValues = async (context: Context<Environment>): Promise<Values> => {
  const query = context.req.query();
  if (context.req.method !== 'POST') return query;
  const type = context.req.header('content-type') ?? '';
  if (!type.startsWith('application/json')) return { ...query, ...(await context.req.parseBody()) };
  const body: unknown = await context.req.json().catch(() => {
    throw new SlackFault('invalid_json');
  });
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new SlackFault('json_not_object');
  return { ...query, ...body };
};

const authorize = ({ store }: Workspace, method: string, token: string | undefined): InstalledApp => {
  if (!token) throw new SlackFault('not_authed');
  const found = store.apps.findByToken(token);
  if (!found) throw new SlackFault('invalid_auth');
  if (!found.app.installed) throw new SlackFault('account_inactive');
  if (found.kind !== (method === 'apps.connections.open' ? 'app' : 'bot')) {
    throw new SlackFault('not_allowed_token_type');
  }
  return found.app;
};

const call = (workspace: Workspace, faults: Faults, name: string, app: InstalledApp, args: Arguments): Values => {
  const streaming = name === 'chat.startStream' || name === 'chat.appendStream' || name === 'chat.stopStream';
  const method = streaming && !faults.streaming() ? undefined : METHODS.get(name);
  if (!method) throw new SlackFault('unknown_method');
  return { ok: true, ...workspace.store.transaction(() => method({ workspace, app, args })) };
};

const dropConnection = (context: Context<Environment>): Response => {
  context.env.incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
};

/** `/api/<method>`: https://docs.slack.dev/apis/web-api */
export const createWebApi = (workspace: Workspace, faults: Faults): Hono<Environment> => {
  const routes = new Hono<Environment>();

  const answer = async (context: Context<Environment>, name: string): Promise<Response> => {
    const fault = faults.take(name);
    if (fault?.kind === 'rate_limited') {
      context.header('retry-after', String(fault.retryAfter));
      return context.json({ ok: false, error: 'ratelimited' }, 429);
    }
    if (fault?.kind === 'error') return context.json({ ok: false, error: fault.error });
    const values = await readValues(context);
    const bearer = /^Bearer (.+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
    const token = bearer ?? (typeof values.token === 'string' ? values.token : undefined);
    const body = call(workspace, faults, name, authorize(workspace, name, token), createArguments(values));
    if (fault?.kind === 'apply_then_500') return context.text('internal error', 500);
    if (fault?.kind === 'apply_then_drop') return dropConnection(context);
    if (fault?.kind === 'delay') await faults.late(fault.ms, workspace.closing);
    return context.json(body);
  };

  routes.use(
    bodyLimit({
      maxSize: MOST_BYTES,
      onError: (context) => context.json({ ok: false, error: 'request_too_large' }, 413),
    }),
  );
  routes.on(['GET', 'POST'], '/:method', async (context) => {
    try {
      return await answer(context, context.req.param('method'));
    } catch (error) {
      if (error instanceof SlackFault) return context.json(error.toBody());
      throw error;
    }
  });
  return routes;
};
