import { inlineText } from '../../../src/slack/escape.ts';
import type { Store } from '../../../src/store/store.ts';
import { openSettingsForm, type SettingsFormOptions } from '../../settings/settings-form.ts';
import type { SubCommand } from '../command.ts';
import { linesMessage } from '../present-page.ts';

export interface ModelSettingsOptions extends SettingsFormOptions {
  readonly store: Pick<Store, 'answers' | 'threads'>;
}

const shownQuestion = 60;

/** `/tenkyo model settings`: Slack names no thread with a command, so it is the one where the person asked last. */
export const modelSettingsCommand = (options: ModelSettingsOptions): SubCommand => ({
  name: 'model settings',
  who: 'everybody',
  usage: '',
  run: async ({ team, channel, user, callId, client, texts }) => {
    const last = await options.store.answers.lastOf(team, channel, user);
    if (last === null) return linesMessage([texts.settings.noThread]);
    await client.views.open({ trigger_id: callId, view: await openSettingsForm(options, last, texts) });
    return linesMessage([texts.settings.opened(inlineText(last.question, shownQuestion))]);
  },
});
