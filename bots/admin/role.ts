import type { BlockAction, ButtonAction, RespondFn } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { MessageContent } from '../../src/delivery/presenter.ts';
import { textsFor } from '../../src/i18n/texts.ts';
import type { BotRole } from '../bot.ts';
import { registerCompareShortcut } from '../comparison/shortcut.ts';
import { registerVoting, type VotingOptions } from '../comparison/voting.ts';
import { createDesk, type DeskOptions } from '../desk.ts';
import { registerSettingsForm } from '../settings/settings-form.ts';
import { confirmActions } from './confirm.ts';
import { linesMessage, pageActions, readPageValue } from './present-page.ts';
import { type Caller, createRunner } from './run-command.ts';
import { commandTable, type TableOptions } from './table.ts';

export const adminCommand = '/tenkyo';

export type AdminRoleOptions = Omit<TableOptions, 'command' | 'desk' | 'delivery' | 'clock'> &
  DeskOptions &
  VotingOptions;

/** Slack gives up on a command after three seconds. */
const answerWithinMs = 1_500;

/** `/tenkyo`: a table of sub-commands, seen by the person alone. */
export const adminRole =
  (options: AdminRoleOptions): BotRole =>
  (role) => {
    const { bolt, app, access, handling, clock } = role;
    const desk = createDesk(options, role);
    const table = commandTable({ ...options, command: adminCommand, desk, clock });
    registerSettingsForm(role, options);
    const runner = createRunner(table, { command: adminCommand, store: options.store });

    registerVoting(role, options);
    registerCompareShortcut(role, { ...options, desk });

    const callerOf = async (
      from: Pick<Caller, 'user' | 'team' | 'channel' | 'callId'>,
      client: WebClient,
    ): Promise<Caller> => ({
      ...from,
      app: app.name,
      texts: textsFor(await access.localeOf(from.user)),
      access,
      client,
    });

    bolt.command(adminCommand, async ({ command, ack, respond, client }) => {
      const { user_id: user, team_id: team, channel_id: channel, trigger_id: callId } = command;
      const only = ({ text, blocks }: MessageContent) => ({
        response_type: 'ephemeral' as const,
        text,
        ...(blocks ? { blocks: [...blocks] } : {}),
      });
      let acked = false;
      const tell = async (message: MessageContent): Promise<unknown> => {
        if (acked) return respond(only(message));
        acked = true;
        return ack(only(message));
      };
      const failed = (text: string): Promise<unknown> => tell({ text });
      await handling.run({ name: 'command', user, tell: failed }, async () => {
        const waiting = new AbortController();
        const late = clock.sleep(answerWithinMs, waiting.signal).then(
          () => null,
          () => null,
        );
        const answering = callerOf({ user, team, channel, callId }, client).then((caller) =>
          runner.run(command.text, caller),
        );
        answering.catch(() => {});
        const inTime = await Promise.race([answering, late]);
        waiting.abort();
        if (inTime === null) await tell({ text: textsFor(await access.localeOf(user)).admin.looking });
        await tell(inTime ?? (await answering));
      });
    });

    /** A button of one of our answers: what it leads to takes the answer's place. */
    const register = (id: string, work: (value: string, caller: Caller) => Promise<MessageContent>): void =>
      bolt.action<BlockAction>(id, async ({ ack, body, action, respond, client }) => {
        await ack();
        const user = body.user.id;
        const replace = (message: MessageContent): ReturnType<RespondFn> =>
          respond({
            replace_original: true,
            text: message.text,
            ...(message.blocks ? { blocks: [...message.blocks] } : {}),
          });
        const tell = (text: string): Promise<unknown> =>
          respond({ text, response_type: 'ephemeral', replace_original: false });
        await handling.run({ name: id, user, tell }, async () => {
          // A person of another workspace in a shared channel comes with their own.
          const [team = '', home = team] = [body.team?.id, body.user.team_id];
          const callId = `${body.trigger_id}`;
          const from = { user, team: home === team ? team : '', channel: body.channel?.id ?? '', callId };
          await replace(await work((action as ButtonAction).value ?? '', await callerOf(from, client)));
        });
      });

    register(confirmActions.confirm, (id, caller) => runner.confirm(id, caller));
    register(confirmActions.dismiss, async (_id, { texts }) => linesMessage([texts.commands.dismissed]));
    for (const id of Object.values(pageActions)) {
      register(id, (value, caller) => {
        const page = readPageValue(value);
        return runner.run(page?.command ?? '', caller, page?.page);
      });
    }
  };
