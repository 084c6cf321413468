import type { Command } from 'commander';
import { TenkyoError } from '../../src/errors.ts';
import type { FinishReason, Usage } from '../../src/generation/generator.ts';
import { createOnnxHost } from '../../src/onnx/host.ts';
import { modelNamed, openModels } from '../compose/open-models.ts';
import type { Cli, CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';

interface AskOptions extends CommonOptions {
  readonly model?: string;
}

const cutNote: Partial<Record<FinishReason, string>> = {
  length: '(stopped at the length limit)',
  loop: '(stopped: the model was repeating itself)',
};

const ask = async (cli: Cli, question: string, options: AskOptions): Promise<void> => {
  const config = await cli.config(options);
  const name = options.model ?? config.apps.find(({ model }) => model !== null)?.model ?? config.models[0]?.name;
  if (name === undefined) {
    throw new TenkyoError('usage', 'no model is configured', {
      where: config.file,
      remedy: 'Declare one under `models`.',
    });
  }
  const host = createOnnxHost();
  const stop = new AbortController();
  const onSignal = (): void => stop.abort(new TenkyoError('cancelled', 'stopped'));
  process.once('SIGINT', onSignal);
  try {
    const model = (
      await openModels([modelNamed(config.models, name)], host, { warn: (_, message) => cli.note(message) })
    ).get(name)!;
    const { prompt, maxTokens } = await model.prompt([], question);
    const { temperature, topP } = model.config;
    let text = '';
    let end: { finish: FinishReason; usage: Usage } | null = null;
    for await (const part of model.generator.generate({ prompt, maxTokens, temperature, topP, signal: stop.signal })) {
      if (part.type === 'end') end = part;
      else if (part.type === 'text') {
        text += part.text;
        if (!options.json) process.stdout.write(part.text);
      }
    }
    if (options.json)
      return cli.json({ model: name, question, answer: text, finish: end?.finish ?? null, usage: end?.usage ?? null });
    cli.print('');
    if (end && cutNote[end.finish]) cli.note(cutNote[end.finish] as string);
    if (end) cli.note(`${name} · ${end.usage.seconds.toFixed(1)} s · ${end.usage.completionTokens} tokens`);
  } finally {
    process.off('SIGINT', onSignal);
    await host.close();
  }
};

export const registerAsk: RegisterCommand = (program: Command, cli) => {
  withCommonOptions(
    program
      .command('ask')
      .description('One answer of a model, streamed to the terminal')
      .argument('<text>', 'the question')
      .option('--model <name>', 'a configured model (default: that of the first app)'),
  ).action((text: string, options: AskOptions) => ask(cli, text, options));
};
