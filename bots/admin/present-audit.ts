import { everybody } from '../../src/access/settings.ts';
import type { Texts } from '../../src/i18n/texts.ts';
import { slackDate } from '../../src/slack/date.ts';
import { inlineText } from '../../src/slack/escape.ts';
import type { AuditEntry, Quota } from '../../src/store/admin-records.ts';
import type { AnswerStatus } from '../../src/store/records.ts';
import { channelLink } from './names.ts';

type Value = Readonly<Record<string, unknown>>;

const longestValue = 200;

const isValue = (value: unknown): value is Value =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const own = (words: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(words, key) ? words[key] : undefined;

/** What somebody else's command wrote: its fields, without the marks of JSON. */
const plainly = (value: unknown): string => {
  if (isValue(value)) {
    const fields = Object.entries(value).map(([key, field]) => `${key}: ${plainly(field)}`);
    return fields.join(', ') || '–';
  }
  if (Array.isArray(value)) return value.map(plainly).join(', ') || '–';
  return value === null || value === undefined ? '–' : inlineText(String(value), longestValue);
};

/** A setting's value as a person would say it. `value` null: it is not set. */
const valueText = (action: string, value: unknown, { commands, format }: Texts): string => {
  const { values } = commands;
  const fields: Value = isValue(value) ? value : {};
  switch (action) {
    case 'model pause':
    case 'model resume':
      return fields.paused === true ? values.paused : values.notPaused;
    case 'channel allow':
    case 'channel deny':
      return fields.denied === true ? values.denied : values.allowed;
    case 'channel model':
      return typeof fields.model === 'string' ? inlineText(fields.model) : values.ownModel;
    case 'quota set':
      return isValue(value) ? commands.quota(value as unknown as Quota) : values.notSet;
    case 'user ban':
    case 'user unban':
      if (!isValue(value)) return values.notBanned;
      return typeof value.reason === 'string' ? `${values.banned} (${inlineText(value.reason, 100)})` : values.banned;
    case 'hide':
    case 'unhide':
      return fields.hidden === true ? values.hidden : values.shown;
    case 'cancel':
      return own(commands.states, String(fields.status)) ?? commands.states[fields.status as AnswerStatus] ?? '–';
    case 'announce':
      return `「${inlineText(String(fields.text ?? ''), longestValue)}」 ${values.channels(format.number(Number(fields.channels ?? 0)))}`;
    default:
      return plainly(value);
  }
};

const targetText = (target: string, { commands }: Texts): string => {
  if (target === everybody) return commands.everybody;
  if (/^[UW][A-Z0-9]{2,}$/.test(target)) return `<@${target}>`;
  if (/^[CG][A-Z0-9]{2,}$/.test(target)) return channelLink(target);
  return inlineText(target, 100);
};

/** Two lines of mrkdwn: when, who and what; from what to what, from where. */
export const auditLine = (entry: AuditEntry, texts: Texts): string => {
  const { at, actor, action, outcome, target, before, after, reason, channel } = entry;
  const { commands } = texts;
  const what = own(commands.what, action) ?? own(commands.otherActions, action) ?? inlineText(action);
  const said = target === null ? `*${what}*` : `*${what}*: ${targetText(target, texts)}`;
  const why = reason === null ? null : (own(commands.reasons, reason) ?? inlineText(reason, 300));
  // Announcing has no state that it changes.
  const change =
    outcome !== 'done' || (before === null && after === null)
      ? null
      : action === 'announce'
        ? valueText(action, after, texts)
        : `${valueText(action, before, texts)} → ${valueText(action, after, texts)}`;
  const details = [
    ...(outcome === 'done' ? [] : [`⚠️ ${commands.outcomes[outcome]}`]),
    ...(change === null ? [] : [change]),
    ...(why === null ? [] : [why]),
    channelLink(channel),
  ];
  return `${slackDate(at)}　<@${actor}>　${said}\n　　${details.join(' · ')}`;
};
