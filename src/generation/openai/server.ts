/** A model's servers, as they are asked. */
export interface ServerAddress {
  /** The model's name in the configuration, for messages. */
  readonly name: string;
  /** What the servers call it. */
  readonly apiModel: string;
  /** Sends JSON (null: asks with GET). Redirects are refused: addresses come from the configuration alone. */
  fetch(url: string, body: object | null, signal: AbortSignal): Promise<Response>;
}

export const createServer = ({
  name,
  apiModel,
  apiKey,
}: {
  readonly name: string;
  readonly apiModel: string;
  readonly apiKey: string | null;
}): ServerAddress => ({
  name,
  apiModel,
  fetch: (url, body, signal) =>
    fetch(url, {
      method: body === null ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', ...(apiKey !== null && { authorization: `Bearer ${apiKey}` }) },
      ...(body !== null && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal,
    }),
});

/** The address of a path on a server whose API is at `base`: what is beside `/v1` too. */
export const addressOf = (base: string, path: string): string =>
  path.startsWith('/v1/') ? `${base}${path.slice('/v1'.length)}` : `${base.replace(/\/v1$/, '')}${path}`;
