import type { AuditFilter } from '../../../src/store/admin-store.ts';
import type { Store } from '../../../src/store/store.ts';
import type { CommandCall, SubCommand } from '../command.ts';
import { readUser } from '../names.ts';
import { auditLine } from '../present-audit.ts';
import { pageSize, presentPage } from '../present-page.ts';

const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `since 2h`, `since 2026-11-23`, a person, or the beginning of a sub-command; null: not readable. */
const readFilter = async (
  words: readonly string[],
  now: number,
  { client }: CommandCall,
): Promise<AuditFilter | null> => {
  let [actor, since]: [string?, number?] = [];
  const action: string[] = [];
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === 'since') {
      const value = left.shift() ?? '';
      const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(value) ?? [];
      since = unit ? now - Number(count) * units[unit as keyof typeof units] : Date.parse(value);
      if (Number.isNaN(since)) return null;
    } else if (/^[<@]/.test(word)) {
      actor = (await readUser(word, client)) ?? undefined;
      if (actor === undefined) return null;
    } else action.push(word);
  }
  return {
    ...(actor === undefined ? {} : { actor }),
    ...(since === undefined ? {} : { since }),
    ...(action.length === 0 ? {} : { action: action.join(' ') }),
  };
};

/** `/tenkyo audit [who|what|since]`: newest first. */
export const auditCommand = ({ store, now }: { readonly store: Pick<Store, 'audit'>; now(): number }): SubCommand => ({
  name: 'audit',
  who: 'admin',
  usage: '[@user] [COMMAND] [since 2h|2026-11-23]',
  run: async (call) => {
    const { team, words, rest, page, texts } = call;
    const filter = await readFilter(words, now(), call);
    if (filter === null) return null;
    const { entries, total } = await store.audit.list(team, filter, { offset: page * pageSize, limit: pageSize });
    const lines = entries.map((entry) => auditLine(entry, texts));
    return presentPage({ title: texts.commands.auditTitle, lines, total, page, command: `audit ${rest}` }, texts);
  },
});
