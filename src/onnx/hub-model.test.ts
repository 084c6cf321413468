import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type StubServer, startStubServer } from '../../test/support/stub-server.ts';
import { tinyEncoderFiles, writeTinyEncoder } from '../../test/support/tiny-encoder.ts';
import { createOnnxEmbedder } from '../embedding/onnx/onnx-embedder.ts';
import { createOnnxHost } from './host.ts';
import { fetchHubModel, hubModelFolder } from './hub-model.ts';

let folder: string;
let hub: StubServer;
/** What is answered instead of the last file. */
let fault: 'cut' | 'html' | 'absent' | 'failed' | null;
beforeEach(async () => {
  fault = null;
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-hub-'));
  const files = tinyEncoderFiles();
  hub = await startStubServer((request, response) => {
    const content = files.get(request.url!.replace('/lab/tiny/resolve/v1/', ''));
    const isLast = request.url!.endsWith('.onnx');
    if (!content || (isLast && fault === 'absent')) return response.writeHead(404).end();
    if (isLast && fault === 'failed') return response.writeHead(503).end();
    if (isLast && fault === 'html') return response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    if (isLast && fault === 'cut') {
      response.writeHead(200, { 'content-length': content.length });
      return response.write(content.subarray(0, 9), () => response.destroy());
    }
    return response.writeHead(200).end(content);
  });
});
afterEach(async () => {
  await hub.close();
  await rm(folder, { recursive: true });
});

const model = (id = 'lab/tiny') => ({ id, revision: 'v1', endpoint: hub.url.replace(/\/$/, '') });
const at = () => hubModelFolder(folder, model());

it('fetches a model once, and makes its vectors without the hub from then on', async () => {
  const host = createOnnxHost();
  try {
    const options = { host, path: at(), queryPrefix: '', passagePrefix: '', hub: model() };
    const embedder = await createOnnxEmbedder(options);
    expect(hub.asked).toHaveLength(4);
    await hub.close();
    expect((await createOnnxEmbedder(options)).fingerprint).toBe(embedder.fingerprint);
    expect((await embedder.embed(['地震'], 'query'))[0]).toHaveLength(4);
    const other = await createOnnxEmbedder({ ...options, hub: { ...model(), revision: 'v2' } });
    expect(other.fingerprint).not.toBe(embedder.fingerprint);
  } finally {
    await host.close();
  }
});

it.each([
  ['cut', 'model_unavailable', 'ended early'],
  ['html', 'model_unavailable', 'HTML'],
  ['failed', 'model_unavailable', 'status 503'],
  ['absent', 'config_invalid', 'status 404'],
] as const)('leaves nothing behind when a file is %s', async (what, code, found) => {
  fault = what;
  await expect(fetchHubModel(model(), at())).rejects.toMatchObject({ code, found: expect.stringContaining(found) });
  expect(await readdir(folder)).toEqual([]);
  fault = null;
  await fetchHubModel(model(), at());
  expect(await readdir(folder)).toEqual(['lab--tiny@v1']);
});

it('says offline what to do: the address, and the folder to put the model in', async () => {
  const offline = model();
  await hub.close();
  await expect(fetchHubModel(offline, at())).rejects.toMatchObject({
    code: 'model_unavailable',
    where: expect.stringContaining(`${offline.endpoint}/lab/tiny/resolve/v1/config.json`),
    found: 'ECONNREFUSED',
    remedy: expect.stringContaining(at()),
  });
});

it('leaves a folder alone that was put there by hand, and loses no race', async () => {
  const others = hubModelFolder(folder, { id: 'by/hand', revision: 'v1' });
  await writeTinyEncoder(others);
  await writeFile(join(others, 'note'), 'mine');
  await fetchHubModel(model('by/hand'), others);
  expect(hub.asked).toEqual([]);
  expect(await readdir(others)).toContain('note');
  await Promise.all([fetchHubModel(model(), at()), fetchHubModel(model(), at())]);
  expect((await readdir(folder)).toSorted()).toEqual(['by--hand@v1', 'lab--tiny@v1']);
});
