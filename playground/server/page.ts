import { readFile, realpath } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';
import { Hono } from 'hono';
import { getMimeType } from 'hono/utils/mime';
import type { PageSeed } from '../protocol/page.ts';

const CONTENT_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self' ws:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** JSON that cannot end the script element it stands in. */
const asScriptData = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

/** What cannot be decoded names no file. */
const decode = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

/** The files of the built page; into its index the server writes what the page must know. */
export const createPageRoutes = (directory: string, seed: PageSeed): Hono => {
  const routes = new Hono();

  /** Only what lies in the folder itself, wherever links lead. */
  const readWithin = async (path: string): Promise<Buffer<ArrayBuffer> | undefined> => {
    try {
      const root = await realpath(directory);
      const file = await realpath(resolve(root, `.${path}`));
      return file.startsWith(root + sep) ? await readFile(file) : undefined;
    } catch {
      return undefined;
    }
  };

  routes.get('/*', async (context) => {
    const path = decode(context.req.path);
    // A path that names no file is a place within the page: the page itself knows which.
    const wanted = extname(path) === '' ? '/index.html' : path;
    const file = await readWithin(wanted);
    if (!file && wanted === '/index.html') return context.text('The page is not built: run npm run build:page.', 503);
    if (!file) return context.text('not found', 404);
    const headers = {
      'content-security-policy': CONTENT_POLICY,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    };
    if (wanted === '/index.html') {
      const script = `<script type="application/json" id="tenkyo">${asScriptData(seed)}</script>`;
      const html = file.toString('utf8').replace('</head>', () => `${script}</head>`);
      return context.html(html, 200, { ...headers, 'cache-control': 'no-store' });
    }
    const type = getMimeType(wanted) ?? 'application/octet-stream';
    // Vite names everything under assets/ by its content.
    const cache = wanted.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    return context.body(file, 200, { ...headers, 'content-type': type, 'cache-control': cache });
  });
  return routes;
};
