import type { Command } from 'commander';
import type { FinishReason, Usage } from '../../src/generation/generator.ts';
import { modelToAsk } from '../compose/open-models.ts';
import { askGrounded } from './ask-grounded.ts';
import type { Cli, CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';
import { withModel } from './with-model.ts';

interface AskOptions extends CommonOptions {
  readonly model?: string;
  readonly grounded?: boolean;
}

const cutNote: Partial<Record<FinishReason, string>> = {
  length: '(stopped at the length limit)',
  loop: '(stopped: the model was repeating itself)',
};

const ask = async (cli: Cli, question: string, options: AskOptions): Promise<void> => {
  const config = await cli.config(options);
  const name = modelToAsk(config, options.model);
  if (options.grounded) return askGrounded(cli, config, { question, name, json: options.json ?? false });
  await withModel(cli, config, name, async (model, signal) => {
    const { prompt, maxTokens } = await model.prompt([], question);
    const { temperature, topP } = model.config;
    let text = '';
    let end: { finish: FinishReason; usage: Usage } | null = null;
    for await (const part of model.generator.generate({ prompt, maxTokens, temperature, topP, signal })) {
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
  });
};

export const registerAsk: RegisterCommand = (program: Command, cli) => {
  withCommonOptions(
    program
      .command('ask')
      .description('One answer of a model, streamed to the terminal')
      .argument('<text>', 'the question')
      .option('--model <name>', 'a configured model (default: that of the first app)')
      .option('--grounded', 'answer from the corpus alone, with checked citations'),
  ).action((text: string, options: AskOptions) => ask(cli, text, options));
};
