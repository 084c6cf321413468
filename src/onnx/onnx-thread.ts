import { parentPort, workerData } from 'node:worker_threads';
import { type EmbeddingModel, loadEmbeddingModel } from './embedding-model.ts';
import { toFault } from './faults.ts';
import { type LanguageModel, loadLanguageModel } from './language-model.ts';
import { createNativeGate } from './native-gate.ts';
import type { OnnxReply, OnnxRequest, RankingTask, ThreadData } from './protocol.ts';
import { loadRankingModel, type RankingModel } from './ranking-model.ts';
import { loadRuntime, type Runtime } from './runtime.ts';
import { createTimeShare } from './time-share.ts';
import { loadTokenizer, type Tokenizer } from './tokenizer.ts';

/** The one thread that holds every ONNX session; `host.ts` is its other end. */
const serve = (port: NonNullable<typeof parentPort>, { gate }: ThreadData): void => {
  const { pass } = createNativeGate(gate);
  const share = createTimeShare();
  const runtime = remember((_: 'runtime') => loadRuntime(pass));
  const tokenizer = remember(async (path: string): Promise<Tokenizer> => loadTokenizer(await ready(), path));
  const language = remember(
    async (path: string): Promise<LanguageModel> => loadLanguageModel(await ready(), path, await tokenizer(path)),
  );
  const embedding = remember(async (path: string): Promise<EmbeddingModel> => loadEmbeddingModel(await ready(), path));
  const ranking = remember(
    async ({ path, weights }: RankingTask): Promise<RankingModel> => loadRankingModel(await ready(), path, weights),
    ({ path, weights }) => `${path}\n${weights}`,
  );
  const ready = (): Promise<Runtime> => runtime('runtime');

  const answer = async (request: OnnxRequest): Promise<OnnxReply> => {
    const { id, path } = request;
    switch (request.type) {
      case 'load': {
        const started = performance.now();
        const { device, refusal } = await (request.kind === 'language' ? language(path) : embedding(path));
        return { type: 'loaded', id, seconds: (performance.now() - started) / 1000, device, refusal };
      }
      case 'count':
        return { type: 'counted', id, tokens: (await tokenizer(path)).encode(request.text).length };
      case 'render':
        return { type: 'rendered', id, text: (await tokenizer(path)).render(request.messages) };
      case 'generate': {
        const model = await language(path);
        const end = await share.writing(() =>
          model.generate(
            request,
            (text, usage) => text && port.postMessage({ type: 'text', id, text, ...usage } satisfies OnnxReply),
            flagOf(request.stop),
          ),
        );
        return { type: 'generated', id, ...end };
      }
      case 'embed': {
        const model = await embedding(path);
        return { type: 'embedded', id, ...(await model.embed(request, flagOf(request.stop), share.giveWay)) };
      }
      case 'rank': {
        const model = await ranking(request);
        return { type: 'ranked', id, scores: await model.rank(request, flagOf(request.stop), share.giveWay) };
      }
    }
  };

  port.on('message', async (request: OnnxRequest) => {
    const reply = await answer(request).catch(
      (error: unknown): OnnxReply => ({ type: 'failed', id: request.id, fault: toFault(error) }),
    );
    port.postMessage(reply, reply.type === 'embedded' ? [reply.data.buffer] : []);
  });
};

/** Calls `make` once a key; a failure is not remembered, so that a repaired file is found. */
const remember = <K, V>(
  make: (key: K) => Promise<V>,
  nameOf: (key: K) => unknown = (key) => key,
): ((key: K) => Promise<V>) => {
  const made = new Map<unknown, Promise<V>>();
  return (key) => {
    const name = nameOf(key);
    const value = made.get(name) ?? make(key);
    made.set(name, value);
    value.catch(() => made.delete(name));
    return value;
  };
};

const flagOf = (stop: SharedArrayBuffer): (() => boolean) => {
  const flag = new Int32Array(stop);
  return () => Atomics.load(flag, 0) !== 0;
};

if (parentPort) serve(parentPort, workerData);
