import { everybody, quotaOf, type Settings } from '../../../src/access/settings.ts';
import { inlineText } from '../../../src/slack/escape.ts';
import type { Quota } from '../../../src/store/admin-records.ts';
import type { Store } from '../../../src/store/store.ts';
import { auditedBy, type CommandCall, type SubCommand } from '../command.ts';
import { readUser } from '../names.ts';
import { linesMessage } from '../present-page.ts';

export interface QuotaCommandsOptions {
  readonly store: Pick<Store, 'settings' | 'answers'>;
  readonly settings: Settings;
  /** What holds until somebody sets another. */
  readonly configured: Quota;
}

const names = { questions: 'questions', tokens: 'tokens', 'at-once': 'atOnce' } as const;

/** `questions=50 tokens=none`; null: not readable. */
const readQuota = (words: readonly string[]): Partial<Quota> | null => {
  const quota: Partial<Record<keyof Quota, number | null>> = {};
  for (const word of words) {
    const [, name, value] = /^(questions|tokens|at-once)=(none|\d{1,12})$/.exec(word.replaceAll(',', '')) ?? [];
    if (name === undefined || value === undefined) return null;
    quota[names[name as keyof typeof names]] = value === 'none' ? null : Number(value);
  }
  return words.length === 0 ? null : quota;
};

/** Whose quota a word means; null: nobody's. */
const readWhose = async (word: string | undefined, { client }: CommandCall): Promise<string | null> =>
  word === undefined || word === everybody ? everybody : readUser(word, client);

const named = (key: string, { texts }: CommandCall): string =>
  key === everybody ? texts.commands.everybody : `<@${key}>`;

/** `/tenkyo quota show|set`. */
export const quotaCommands = ({ store, settings, configured }: QuotaCommandsOptions): SubCommand[] => [
  {
    name: 'quota show',
    who: 'admin',
    usage: '[@user]',
    run: async (call) => {
      const { commands } = call.texts;
      const key = await readWhose(call.words[0], call);
      if (key === null) return linesMessage([commands.noPerson(inlineText(call.rest))]);
      settings.forget();
      const set = await settings.of(call.team);
      if (key !== everybody) {
        const used = await store.answers.usedBy(call.team, key);
        return linesMessage([
          `*${commands.quotaTitle}*`,
          `<@${key}>  ${commands.quota(quotaOf(set, key, configured))}`,
          commands.used(used),
        ]);
      }
      const own = set.list('quota').filter((one) => one.key !== everybody);
      return linesMessage([
        `*${commands.quotaTitle}*`,
        `${commands.everybody}  ${commands.quota(set.value('quota', everybody)?.value ?? configured)}`,
        ...own.slice(0, 50).map((one) => `<@${one.key}>  ${commands.quota(one.value)}`),
      ]);
    },
  },
  {
    name: 'quota set',
    who: 'admin',
    usage: '@user|everybody questions=N tokens=N at-once=N|default',
    run: async (call) => {
      const { commands } = call.texts;
      const [whose, ...rest] = call.words;
      const quota = rest[0] === 'default' && rest.length === 1 ? ('default' as const) : readQuota(rest);
      if (whose === undefined || quota === null) return null;
      const key = await readWhose(whose, call);
      if (key === null) return linesMessage([commands.noPerson(inlineText(whose))]);
      const before = quotaOf(await settings.of(call.team), key, configured);
      const after = quota === 'default' ? null : { ...before, ...quota };
      const confirm = commands.confirm.quota(named(key, call), commands.quota(before), after && commands.quota(after));
      return { confirm, args: { key, quota: after } };
    },
    perform: async (args, call) => {
      const { key, quota } = args as { key: string; quota: Quota | null };
      await store.settings.change({ kind: 'quota', key }, () => quota, auditedBy(call, 'quota set', key));
      settings.forget();
      const { commands } = call.texts;
      return linesMessage([commands.did.quota(named(key, call), quota && commands.quota(quota))]);
    },
  },
];
