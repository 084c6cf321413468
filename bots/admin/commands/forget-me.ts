import type { Store } from '../../../src/store/store.ts';
import { auditedBy, type SubCommand } from '../command.ts';
import { linesMessage } from '../present-page.ts';

/** `/tenkyo forget-me`: removes what is recorded of the person who says it; the audit log keeps that they did. */
export const forgetMeCommand = ({ store }: { readonly store: Pick<Store, 'people' | 'audit'> }): SubCommand => ({
  name: 'forget-me',
  who: 'everybody',
  usage: '',
  run: async ({ team, user, texts: { commands } }) => ({
    confirm: commands.confirm.forgetMe(await store.people.counts(team, user)),
    args: null,
  }),
  perform: async (_args, call) => {
    const { team, user, texts } = call;
    const removed = await store.people.forget(team, user);
    await store.audit.add({
      ...auditedBy(call, 'forget-me', null),
      outcome: 'done',
      reason: null,
      before: removed,
      after: null,
    });
    return linesMessage([texts.commands.forgotten(removed)]);
  },
});
