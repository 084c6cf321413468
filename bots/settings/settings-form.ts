import type { ViewSubmitAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { TenkyoError } from '../../src/errors.ts';
import { type Texts, textsFor } from '../../src/i18n/texts.ts';
import type { Answer, Place } from '../../src/store/records.ts';
import type { Store } from '../../src/store/store.ts';
import type { RoleContext } from '../bot.ts';
import { teamOf } from '../desk.ts';
import { presentSettingsForm, settingsForm } from './present-form.ts';
import { type ModelFacts, readSettingsForm, settingsLine } from './thread-settings.ts';

export interface SettingsFormOptions {
  readonly store: Pick<Store, 'threads'>;
  /** null: the model is not configured any more. */
  readonly modelFacts: (model: string) => ModelFacts | null;
}

/** The thread that a form is about, kept with it by Slack. */
const about = z.object({
  team: z.string(),
  app: z.string(),
  channel: z.string(),
  threadTs: z.string(),
  model: z.string(),
});

const factsOf = ({ modelFacts }: SettingsFormOptions, model: string): ModelFacts => {
  const facts = modelFacts(model);
  if (facts === null) throw new TenkyoError('not_found', 'the model is not configured any more', { where: model });
  return facts;
};

/** The form for the thread that an answer stands in, filled in as it is set now. */
export const openSettingsForm = async (
  options: SettingsFormOptions,
  { team, app, channel, threadTs, model }: Answer,
  texts: Texts,
): Promise<ModalView> => {
  const place: Place = { team, app, channel, threadTs };
  const set = await options.store.threads.settings(place);
  const metadata = JSON.stringify({ ...place, model });
  return presentSettingsForm(model, factsOf(options, model), set, texts.settings, metadata);
};

/** Takes what the form says. The app that opened it gets it, whichever app the thread is with. */
export const registerSettingsForm = ({ bolt, access, handling }: RoleContext, options: SettingsFormOptions): void => {
  bolt.view<ViewSubmitAction>(settingsForm, async ({ ack, body, view, context, client }) => {
    const user = body.user.id;
    let acked = false;
    const tell = async (text: string): Promise<unknown> => {
      // Slack shows an open form as failed where nothing was said.
      if (!acked) await ack();
      return client.chat.postMessage({ channel: user, text });
    };
    await handling.run({ name: 'settings form', user, tell }, async () => {
      const texts = textsFor(await access.localeOf(user)).settings;
      const { model, ...place } = about.parse(JSON.parse(view.private_metadata));
      if (place.team !== teamOf(context)) throw new TenkyoError('not_found', 'the thread is in another workspace');
      const read = readSettingsForm(view.state.values, factsOf(options, model), texts);
      acked = true;
      if ('errors' in read) return void (await ack({ response_action: 'errors', errors: { ...read.errors } }));
      await options.store.threads.setSettings(place, user, read.settings);
      await ack();
      const { channel, threadTs } = place;
      const text = texts.saved(settingsLine(read.settings, texts));
      // An app that is not in the channel can't say it there; the next answer shows it anyway.
      await client.chat.postEphemeral({ channel, user, text, thread_ts: threadTs }).catch(() => undefined);
    });
  });
};
