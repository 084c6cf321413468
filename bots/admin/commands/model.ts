import type { Settings } from '../../../src/access/settings.ts';
import { inlineText } from '../../../src/slack/escape.ts';
import type { Store } from '../../../src/store/store.ts';
import { auditedBy, type CommandName, type SubCommand } from '../command.ts';
import { linesMessage } from '../present-page.ts';
import type { StatusSource } from '../status-source.ts';

export interface ModelCommandsOptions {
  readonly source: Pick<StatusSource, 'models'>;
  readonly store: Pick<Store, 'settings'>;
  readonly settings: Settings;
  /** Names of the configured models. */
  readonly models: readonly string[];
}

/** `/tenkyo model list|pause|resume`. */
export const modelCommands = ({ source, store, settings, models }: ModelCommandsOptions): SubCommand[] => {
  const pausing = (name: Extract<CommandName, 'model pause' | 'model resume'>, paused: boolean): SubCommand => ({
    name,
    who: 'admin',
    usage: 'MODEL',
    run: async ({ words: [model], texts: { commands } }) => {
      if (model === undefined) return null;
      if (!models.includes(model))
        return linesMessage([
          commands.noModel(
            inlineText(model),
            models.map((one) => inlineText(one)),
          ),
        ]);
      return { confirm: commands.confirm[paused ? 'pause' : 'resume'](inlineText(model)), args: model };
    },
    perform: async (args, call) => {
      const key = String(args);
      await store.settings.change(
        { kind: 'model', key },
        () => (paused ? { paused } : null),
        auditedBy(call, name, key),
      );
      settings.forget();
      return linesMessage([call.texts.commands.did[paused ? 'pause' : 'resume'](inlineText(key))]);
    },
  });
  const list: SubCommand = {
    name: 'model list',
    who: 'admin',
    usage: '',
    run: async ({ team, texts: { admin, commands } }) => {
      settings.forget();
      const [states, set] = await Promise.all([source.models(), settings.of(team)]);
      return linesMessage([
        `*${commands.modelsTitle}*`,
        ...models.map((model) => {
          const state = states.find(({ name }) => name === model)?.state;
          const paused = set.value('model', model);
          return [
            inlineText(model),
            state ? admin.modelStates[state] : commands.notInUse,
            ...(paused ? [commands.pausedBy(`<@${paused.changedBy}>`)] : []),
          ].join(' · ');
        }),
      ]);
    },
  };
  return [list, pausing('model pause', true), pausing('model resume', false)];
};
