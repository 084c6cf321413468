import type { MessageContent } from '../../src/delivery/presenter.ts';
import { inlineText } from '../../src/slack/escape.ts';
import type { Store } from '../../src/store/store.ts';
import { auditedBy, type CommandCall, type SubCommand } from './command.ts';
import { helpLines, usageOf } from './commands/help.ts';
import { proposeChange } from './confirm.ts';
import { nearest } from './nearest.ts';
import { linesMessage } from './present-page.ts';

/** Who runs something, from where; whether they may is found out for each run anew. */
export type Caller = Omit<CommandCall, 'admin' | 'rest' | 'words' | 'page'>;

export interface CommandRunner {
  /** @param text what follows `/tenkyo` */
  run(text: string, caller: Caller, page?: number): Promise<MessageContent>;
  /** The button of a proposal was pressed. */
  confirm(id: string, caller: Caller): Promise<MessageContent>;
}

const mostAdmins = 5;

export const createRunner = (
  table: readonly SubCommand[],
  { command: slash, store }: { readonly command: string; readonly store: Pick<Store, 'audit' | 'confirmations'> },
): CommandRunner => {
  /** The longest name that the text begins with. */
  const find = (text: string): { command: SubCommand; rest: string } | null => {
    for (const count of [2, 1]) {
      const [, head = '', rest = ''] = new RegExp(`^((?:\\S+\\s*){${count}})([\\s\\S]*)$`).exec(text) ?? [];
      const name = head.trim().split(/\s+/).join(' ').toLowerCase();
      const command = table.find((one) => one.name === name);
      if (command) return { command, rest: rest.trim() };
    }
    return null;
  };

  const denied = async (caller: Caller, action: string, reason: string, said: string): Promise<MessageContent> => {
    const { team, user, app, channel } = caller;
    await store.audit.add({
      team,
      actor: user,
      action,
      target: null,
      app,
      channel,
      outcome: 'denied',
      reason,
      before: null,
      after: null,
    });
    return linesMessage([said]);
  };

  const refuseMember = async (caller: Caller, action: string, reason: string | null): Promise<MessageContent> => {
    const admins = (await caller.access.admins()).slice(0, mostAdmins).map((user) => `<@${user}>`);
    const said = caller.texts.commands.onlyAdmins(admins, reason && inlineText(reason));
    return denied(caller, action, reason ?? 'no admin', said);
  };

  const unknown = (text: string, call: Pick<CommandCall, 'admin' | 'texts'>): MessageContent => {
    const names = table.filter(({ who }) => call.admin || who === 'everybody').map(({ name }) => name);
    const given = text.trim().toLowerCase().split(/\s+/).slice(0, 2).join(' ');
    const meant = nearest(given, names);
    const command = table.find(({ name }) => name === meant);
    const said = inlineText(given, 50);
    return linesMessage([
      call.texts.commands.unknown(said, command ? usageOf(slash, command) : null),
      ...helpLines(slash, table, call, call.texts),
    ]);
  };

  return {
    run: async (text, caller, page = 0) => {
      const { texts, access } = caller;
      const found = find(text.trim() === '' ? 'help' : text);
      if (!(await access.isHome(caller.team))) {
        return denied(caller, found?.command.name ?? 'unknown', 'another workspace', texts.commands.otherWorkspace);
      }
      const { admin, reason } = await access.isAdmin(caller.user);
      if (!found) return unknown(text, { admin, texts });
      const { command, rest } = found;
      if (command.who === 'admin' && !admin) return refuseMember(caller, command.name, reason);
      const words = rest === '' ? [] : rest.split(/\s+/);
      const call: CommandCall = { ...caller, admin, rest, words, page };
      const reply = await command.run(call);
      if (reply === null) return linesMessage([texts.commands.usage(usageOf(slash, command))]);
      return 'confirm' in reply ? proposeChange(reply, command.name, call, texts, store.confirmations) : reply;
    },

    confirm: async (id, caller) => {
      const { team, user, channel, texts, access } = caller;
      if (!(await access.isHome(team))) {
        return denied(caller, 'confirm', 'another workspace', texts.commands.otherWorkspace);
      }
      // Before it is used up: who is no admin any more uses up nothing.
      const { admin, reason } = await access.isAdmin(user);
      const proposed = await store.confirmations.commandOf(id);
      const forAll = table.some(({ name, who }) => name === proposed && who === 'everybody');
      if (!admin && !forAll) return refuseMember(caller, 'confirm', reason);
      const taken = await store.confirmations.take(id, { team, user, channel });
      if (typeof taken === 'string') {
        return denied(caller, 'confirm', `confirmation: ${taken}`, texts.commands.stale[taken]);
      }
      const { command: name, args } = taken.action;
      const command = table.find((one) => one.name === name);
      if (!command?.perform) return denied(caller, name, 'no such command', texts.commands.stale.unknown);
      const call: CommandCall = { ...caller, admin, rest: '', words: [], page: 0 };
      try {
        return await command.perform(args, call);
      } catch (error) {
        await store.audit.add({
          ...auditedBy(call, command.name, null),
          outcome: 'failed',
          reason: error instanceof Error ? error.message.slice(0, 500) : null,
          before: null,
          after: args,
        });
        throw error;
      }
    },
  };
};
