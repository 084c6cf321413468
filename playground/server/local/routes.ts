import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ZodType } from 'zod';
import type { Faults } from '../faults/faults.ts';
import type { PlaygroundOptions } from '../options.ts';
import type { Member } from '../state/people.ts';
import type { Workspace } from '../workspace.ts';
import { use, useElement } from './actions.ts';
import { bootstrap } from './bootstrap.ts';
import { run, runCommand } from './commands.ts';
import { faultOrder, follow } from './faults.ts';
import type { Guard } from './guard.ts';
import { pageQuery, readMessages, send, sendMessage } from './messages.ts';
import { deleteMessage, deleteOwn, edit, editMessage } from './own-messages.ts';
import { react, reactBody } from './react.ts';
import { markRead, open, openDirect, openHome, read } from './read-state.ts';
import { findPerson, LocalFault, readBody, sameSecret } from './request.ts';
import { runMessageShortcut, runShortcut } from './shortcuts.ts';
import { stop, stopSession } from './stop.ts';
import { MOST_FILE_BYTES, upload } from './upload.ts';
import { close, closeView, submit, submitView } from './views.ts';

const MOST_BYTES = 1 << 20;

/** `/local/*`: the interface of the page, the command line and the tests; `playground/protocol` says what it speaks. */
export const createLocalRoutes = ({
  workspace,
  faults,
  guard,
  pageToken,
  suggestions,
}: {
  workspace: Workspace;
  faults: Faults;
  guard: Guard;
  pageToken: string;
  suggestions: PlaygroundOptions['suggestions'];
}): Hono => {
  const routes = new Hono();
  const personOf = (context: Context): Member => findPerson(workspace, context.req.header('x-tenkyo-person'));

  routes.onError((error, context) => {
    if (!(error instanceof LocalFault)) throw error;
    return context.json({ error: error.code, message: error.message }, error.status);
  });
  routes.use(async (context, next) => {
    const bearer = /^Bearer (.+)$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
    if (!sameSecret(bearer, pageToken))
      throw new LocalFault(401, 'invalid_token', 'The page token is missing or wrong.');
    if (!guard.isOwnOrigin(context.req.header('origin'), context.req.header('host'))) {
      throw new LocalFault(403, 'foreign_origin', 'Requests from other sites are refused.');
    }
    context.header('cache-control', 'no-store');
    await next();
  });
  const limit = (maxSize: number, what: string) =>
    bodyLimit({
      maxSize,
      onError: () => {
        throw new LocalFault(413, 'too_large', what);
      },
    });
  routes.post('/files', limit(MOST_FILE_BYTES, 'The file is larger than 20 MiB.'), async (context) => {
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    const type = context.req.header('content-type');
    return context.json(upload(workspace, personOf(context), context.req.query('name') ?? '', type, bytes));
  });
  routes.use(limit(MOST_BYTES, 'The request is larger than 1 MiB.'));

  // Who does not know anybody yet begins as the workspace's first person.
  routes.get('/bootstrap', (context) => {
    const id = context.req.header('x-tenkyo-person') ?? workspace.store.settings.get('default_person');
    return context.json(bootstrap(workspace, suggestions, findPerson(workspace, id)));
  });
  routes.get('/messages', (context) => {
    const person = personOf(context);
    const query = pageQuery.safeParse(context.req.query());
    if (!query.success) throw new LocalFault(400, 'invalid_query', query.error.issues[0]?.message ?? 'invalid');
    return context.json(readMessages(workspace, person, query.data));
  });

  /** A write: who, then what; a body of `{}` where there is nothing to say. */
  const write = <T>(path: string, schema: ZodType<T>, act: (person: Member, body: T) => unknown) => {
    routes.post(path, async (context) => {
      const person = personOf(context);
      return context.json(((await act(person, await readBody(context, schema))) ?? {}) as object);
    });
  };
  write('/messages', sendMessage, (person, body) => send(workspace, person, body));
  write('/messages/edit', editMessage, (person, body) => edit(workspace, person, body));
  write('/messages/delete', deleteMessage, (person, body) => deleteOwn(workspace, person, body));
  write('/reactions', reactBody, (person, body) => react(workspace, person, body));
  write('/read', markRead, (person, body) => read(workspace, person, body));
  write('/directs', openDirect, (person, body) => open(workspace, person, body));
  write('/homes', openDirect, (person, body) => openHome(workspace, person, body));
  write('/commands', runCommand, (person, body) => run(workspace, person, body));
  write('/shortcuts', runShortcut, (person, body) => runMessageShortcut(workspace, person, body));
  write('/stop', stopSession, (person, body) => stop(workspace, person, body));
  write('/actions', useElement, (person, body) => use(workspace, person, body));
  write('/views/submit', submitView, (person, body) => submit(workspace, person, body));
  write('/views/close', closeView, (person, body) => close(workspace, person, body));

  routes.post('/faults', async (context) => {
    follow(workspace, faults, await readBody(context, faultOrder));
    return context.json({});
  });
  routes.all('*', () => {
    throw new LocalFault(404, 'not_found', 'There is nothing at this address.');
  });
  return routes;
};
