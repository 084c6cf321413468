import { Hono } from 'hono';
import type { Workspace } from './workspace.ts';

/**
 * `url_private` of the files: as at Slack, only with the token of an app that is where the file was shared. Whoever comes
 * without one is sent to the page for people.
 */
export const createFileRoutes = ({ store, address }: Workspace): Hono => {
  const routes = new Hono();
  routes.get('/:id/:name', (context) => {
    const { id } = context.req.param();
    const token = /^Bearer (.+)$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
    const found = store.apps.findByToken(token);
    const app = found?.kind === 'bot' && found.app.installed ? found.app : null;
    const file = store.files.find(id);
    const shared = store.files.channels(id);
    if (!app || !file || !shared.some((channel) => store.channels.isMember(channel, app.userId))) {
      return context.redirect(`${address()}/`, 302);
    }
    const bytes = store.files.bytes(id) ?? new Uint8Array();
    return context.body(new Uint8Array(bytes), 200, {
      'content-type': file.mimetype,
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
    });
  });
  return routes;
};
