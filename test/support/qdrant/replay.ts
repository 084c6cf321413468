import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { type CollectionInMemory, createCollectionInMemory, Refusal } from './collection.ts';
import * as requests from './requests.ts';

/** What the server does to one request instead of answering it. */
export interface Fault {
  /** Method and path, as `POST /collections/x/points/query`. */
  readonly on: RegExp;
  /** Requests that it befalls; default 1. */
  readonly times?: number;
  readonly does:
    | { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown }
    /** Takes the request and is never heard of again. */
    | 'silence'
    /** Closes the connection. */
    | 'reset';
}

export interface ReplayOptions {
  readonly version?: string;
  readonly apiKey?: string;
  readonly readOnlyKey?: string;
}

const mostBytes = 33_554_432;

const readBody = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
};

const checked = <T>(schema: z.ZodType<T>, body: string): T => {
  const bytes = Buffer.byteLength(body);
  if (bytes > mostBytes) {
    throw new Refusal(400, `JSON payload (${bytes} bytes) is larger than allowed (limit: ${mostBytes} bytes).`);
  }
  const parsed = schema.safeParse(JSON.parse(body));
  if (parsed.success) return parsed.data;
  throw new Refusal(400, `Format error in JSON body: ${z.prettifyError(parsed.error)}`);
};

/**
 * A server that takes the product's requests only as Qdrant's published types have them, and answers as a real one was
 * seen to (`exchanges.json`). It stands in where no Qdrant can run; a real one is the proof.
 */
export const startQdrantReplay = async ({ version = '1.19.0', apiKey, readOnlyKey }: ReplayOptions = {}) => {
  const collections = new Map<string, CollectionInMemory>();
  const aliases = new Map<string, string>();
  const faults: { fault: Fault; left: number }[] = [];
  const seen: { readonly route: string; readonly body: string }[] = [];

  const collection = (name: string): CollectionInMemory => {
    const found = collections.get(aliases.get(name) ?? name);
    if (!found) throw new Refusal(404, `Not found: Collection \`${name}\` doesn't exist!`);
    return found;
  };

  const changeAliases = (actions: requests.AliasChanges): true => {
    for (const action of actions) {
      if ('delete_alias' in action) aliases.delete(action.delete_alias.alias_name);
      else {
        const { collection_name, alias_name } = action.create_alias;
        collection(collection_name);
        aliases.set(alias_name, collection_name);
      }
    }
    return true;
  };

  const create = (name: string, body: string): true => {
    if (collections.has(name)) throw new Refusal(409, `Wrong input: Collection \`${name}\` already exists!`);
    collections.set(name, createCollectionInMemory(checked(requests.createCollection, body)));
    return true;
  };

  const remove = (name: string): boolean => {
    for (const [alias, target] of aliases) if (target === name) aliases.delete(alias);
    return collections.delete(name);
  };

  const answer = (method: string, { pathname, searchParams }: URL, body: string): unknown => {
    const [, root, first, ...rest] = pathname.split('/').map(decodeURIComponent);
    const route = `${method} ${[root, ...rest].join('/')}`;
    const wait = searchParams.get('wait') === 'true';
    if (route === 'GET aliases') {
      return { aliases: [...aliases].map(([alias_name, collection_name]) => ({ alias_name, collection_name })) };
    }
    if (root === 'collections' && first === undefined && method === 'GET') {
      return { collections: [...collections.keys()].map((name) => ({ name })) };
    }
    const name = first ?? '';
    if (route === 'POST collections' && name === 'aliases') {
      return changeAliases(checked(requests.changeAliases, body).actions);
    }
    switch (route) {
      case 'GET collections':
        return collection(name).info();
      case 'GET collections/exists':
        return { exists: collections.has(aliases.get(name) ?? name) };
      case 'PUT collections':
        return create(name, body);
      case 'PATCH collections':
        return collection(name).update(checked(requests.updateCollection, body));
      case 'DELETE collections':
        return remove(name);
      case 'PUT collections/index': {
        const { field_name, field_schema } = checked(requests.createFieldIndex, body);
        return collection(name).index(field_name, typeof field_schema === 'string' ? field_schema : field_schema.type);
      }
      case 'PUT collections/points':
        return collection(name).upsert(checked(requests.upsertPoints, body).points, wait);
      case 'POST collections/points/query': {
        const query = checked(requests.queryPoints, body);
        return collection(name).query(query);
      }
      case 'POST collections/points/scroll':
        return collection(name).scroll(checked(requests.scrollPoints, body));
      case 'POST collections/points/count':
        return collection(name).count(checked(requests.countPoints, body).filter);
      default:
        // Nothing else of the interface is the product's to use; the old search endpoints are gone from Qdrant too.
        throw new Refusal(404, `no such endpoint: ${route}`);
    }
  };

  const json = (
    response: ServerResponse,
    status: number,
    body: unknown,
    headers: Record<string, string> = {},
  ): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

  const isAllowed = (request: IncomingMessage, url: URL, response: ServerResponse): boolean => {
    if (apiKey === undefined || url.pathname === '/') return true;
    const { authorization } = request.headers;
    const key = request.headers['api-key'] ?? authorization?.replace(/^Bearer /, '');
    if (key === apiKey) return true;
    const reads = request.method === 'GET' || /\/(query|scroll|count)$/.test(url.pathname);
    if (key !== undefined && key === readOnlyKey) {
      if (!reads) json(response, 403, { status: { error: 'Forbidden: Global write access is required' }, time: 0 });
      return reads;
    }
    const text =
      key === undefined ? 'Must provide an API key or an Authorization bearer token' : 'Invalid API key or JWT';
    response.writeHead(401, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
    return false;
  };

  /** True when a fault befell the request. */
  const befall = (route: string, request: IncomingMessage, response: ServerResponse): boolean => {
    const entry = faults.find(({ fault, left }) => left > 0 && fault.on.test(route));
    if (!entry) return false;
    entry.left--;
    const { does } = entry.fault;
    if (does === 'reset') request.socket.destroy();
    else if (does !== 'silence') {
      if (typeof does.body === 'string') response.writeHead(does.status, does.headers).end(does.body);
      else json(response, does.status, does.body, does.headers);
    }
    return true;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://qdrant');
    const method = request.method ?? 'GET';
    const route = `${method} ${decodeURIComponent(url.pathname)}`;
    const body = await readBody(request);
    seen.push({ route: `${route}${url.search}`, body });
    if (befall(route, request, response) || !isAllowed(request, url, response)) return;
    if (url.pathname === '/') {
      return json(response, 200, { title: 'qdrant - vector search engine', version, commit: '0' });
    }
    try {
      json(response, 200, { result: answer(method, url, body), status: 'ok', time: 0.001 });
    } catch (error) {
      const status = error instanceof Refusal ? error.status : 400;
      const text = error instanceof Refusal ? error.message : `Format error in JSON body: ${String(error)}`;
      json(response, status, { status: { error: text }, time: 0 });
    }
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Every request so far, oldest first. */
    seen,
    next: (fault: Fault): void => void faults.push({ fault, left: fault.times ?? 1 }),
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

export type QdrantReplay = Awaited<ReturnType<typeof startQdrantReplay>>;
