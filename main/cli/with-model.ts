import type { Config } from '../../src/config/config.ts';
import { TenkyoError } from '../../src/errors.ts';
import { createOnnxHost } from '../../src/onnx/host.ts';
import { modelNamed, type OpenModel, openModels } from '../compose/open-models.ts';
import type { Cli } from './cli.ts';

/** Opens one model for one command; Ctrl-C aborts `signal`, and all is closed afterwards. */
export const withModel = async <T>(
  cli: Cli,
  { models }: Pick<Config, 'models'>,
  name: string,
  work: (model: OpenModel, signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const host = createOnnxHost();
  const stop = new AbortController();
  const onSignal = (): void => stop.abort(new TenkyoError('cancelled', 'stopped'));
  process.once('SIGINT', onSignal);
  try {
    const opened = await openModels([modelNamed(models, name)], host, { warn: (_, message) => cli.note(message) });
    return await work(opened.get(name)!, stop.signal);
  } finally {
    process.off('SIGINT', onSignal);
    await host.close();
  }
};
