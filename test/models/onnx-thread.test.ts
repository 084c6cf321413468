import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const script = fileURLToPath(new URL('./onnx-process.ts', import.meta.url));

/**
 * Runs the script until it ends by itself.
 *
 * @param preload a module that every thread of it runs first
 */
const run = async (task: string, preload = ''): Promise<unknown> => {
  const url = `data:text/javascript,${encodeURIComponent(preload)}`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', url, script, task], {
    env: { ...process.env, NODE_OPTIONS: '' },
    timeout: 50_000,
  });
  return JSON.parse(stdout);
};

/** Ends the first thread, in the middle of an answer. */
const endFirstThread = (how: string): string => `
  import { parentPort, threadId } from 'node:worker_threads';
  if (threadId === 1) {
    const post = parentPort.postMessage.bind(parentPort);
    let pieces = 0;
    parentPort.postMessage = (reply, ...rest) => {
      post(reply, ...rest);
      if (reply.type === 'text' && ++pieces === 5) setImmediate(() => { ${how} });
    };
  }`;

test.each([
  ['exits', 'process.exit(7)', 'exit code 7'],
  ['throws outside any request', 'throw new Error("boom")', 'boom'],
])('a thread that %s fails all it was doing, and the next request gets a new one', async (_, how, found) => {
  const failed = expect.objectContaining({ code: 'model_failed', found, remedy: expect.any(String) });
  expect(await run('loss', endFirstThread(how))).toEqual({
    lost: [failed, failed],
    after: { value: expect.stringMatching(/^地下の岩盤/) },
    warnings: ['the ONNX thread ended; the next request starts another'],
  });
});

test('without its native library the runtime says what is missing and what to do', async () => {
  const preload = `
    import { registerHooks } from 'node:module';
    registerHooks({ resolve: (specifier, context, next) => {
      if (specifier === 'onnxruntime-node') throw new Error('libonnxruntime.so.1: cannot open shared object file');
      return next(specifier, context);
    } });`;
  expect(await run('write', preload)).toEqual({
    code: 'model_unavailable',
    message: 'The ONNX runtime could not be loaded.',
    where: expect.stringContaining(process.platform),
    found: 'libonnxruntime.so.1: cannot open shared object file',
    remedy: expect.stringContaining('npm ci'),
  });
});

test('a process that forgot to close the host ends by itself once nobody waits', async () => {
  expect(await run('write')).toEqual({ value: expect.stringMatching(/^地下の岩盤/) });
});

test('closing fails what is under way and what comes after, and the process ends', async () => {
  const closed = expect.objectContaining({ code: 'model_unavailable' });
  expect(await run('close')).toEqual({ under: closed, after: closed });
});

test.each(['writing', 'loading'])('a process that exits while a model is %s ends with its own code', async (work) => {
  for (const ms of [200, 400, 700]) {
    const leaving = promisify(execFile)(process.execPath, [script, 'exit', work, `${ms}`], { timeout: 50_000 });
    await expect(leaving).rejects.toMatchObject({ code: 2, stderr: '' });
  }
});

test('the main thread stays free while models write and embed', async () => {
  const { idle, busy, busyMs } = (await run('delay')) as Record<'idle' | 'busy', { p99: number; max: number }> & {
    busyMs: number;
  };
  console.log(
    `loop delay in ms: idle ${JSON.stringify(idle)}, busy ${JSON.stringify(busy)} over ${busyMs.toFixed(0)} ms`,
  );
  expect(busy.p99).toBeLessThan(idle.p99 + 50);
});
