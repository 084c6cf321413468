import type { KnownBlock, ModalView } from '@slack/types';
import type { SettingsTexts } from '../../src/i18n/settings.ts';
import { plain, section } from '../../src/slack/blocks.ts';
import { inlineText } from '../../src/slack/escape.ts';
import type { ThreadSettings } from '../../src/store/records.ts';
import { longestSystem, type ModelFacts, type SettingsField } from './thread-settings.ts';

export const settingsForm = 'model_settings_form';

const input = (
  field: SettingsField,
  label: string,
  hint: string,
  value: string | undefined,
  multiline: boolean,
): KnownBlock => ({
  type: 'input',
  block_id: field,
  optional: true,
  label: plain(label),
  hint: plain(hint),
  element: {
    type: 'plain_text_input',
    action_id: field,
    multiline,
    ...(multiline ? { max_length: longestSystem } : { max_length: 20 }),
    ...(value === undefined ? {} : { initial_value: value }),
  },
});

/** How a model is asked in a thread, to change. */
export const presentSettingsForm = (
  model: string,
  facts: ModelFacts,
  { system, temperature, topP, maxTokens, seed }: ThreadSettings,
  texts: SettingsTexts,
  metadata: string,
): ModalView => ({
  type: 'modal',
  callback_id: settingsForm,
  private_metadata: metadata,
  title: plain(texts.title),
  submit: plain(texts.submit),
  close: plain(texts.close),
  blocks: [
    section(texts.intro(inlineText(model))),
    ...(facts.takesSystem ? [input('system', texts.system, texts.systemHint, system, true)] : []),
    input('temperature', texts.temperature, texts.temperatureHint(facts.temperature), temperature?.toString(), false),
    input('topP', texts.topP, texts.topPHint(facts.topP), topP?.toString(), false),
    input('maxTokens', texts.maxTokens, texts.maxTokensHint(facts.maxTokens), maxTokens?.toString(), false),
    input('seed', texts.seed, texts.seedHint, seed?.toString(), false),
  ],
});
