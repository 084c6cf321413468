import { textsFor } from '../../src/i18n/texts.ts';
import { escapeText } from '../../src/slack/escape.ts';
import type { BotRole } from '../bot.ts';
import { helpCommand, helpText } from './help.ts';
import { nearest } from './nearest.ts';
import { type StatusOptions, statusCommand } from './status.ts';

export const adminCommand = '/tenkyo';

/** Slack gives up on a command after three seconds. */
const answerWithinMs = 1_500;

/** `/tenkyo`: a table of sub-commands. */
export const adminRole =
  (options: StatusOptions): BotRole =>
  ({ bolt, access, handling, clock }) => {
    const commands = [statusCommand(options), helpCommand(adminCommand)];

    const answer = async (user: string, text: string): Promise<string> => {
      const texts = textsFor(await access.localeOf(user));
      const [given = ''] = text.trim().toLowerCase().split(/\s+/);
      const command = commands.find(({ name }) => name === (given || 'help'));
      if (command) return command.run({ user, texts, access });
      const meant = nearest(
        given,
        commands.map(({ name }) => name),
      );
      const said = escapeText(given.slice(0, 50)).replaceAll('`', '');
      return `${texts.admin.unknown(said, meant && `${adminCommand} ${meant}`)}\n${helpText(adminCommand, texts.admin)}`;
    };

    bolt.command(adminCommand, async ({ command, ack, respond }) => {
      const user = command.user_id;
      const only = (text: string) => ({ response_type: 'ephemeral' as const, text });
      let acked = false;
      const tell = async (text: string): Promise<unknown> => {
        if (acked) return respond(only(text));
        acked = true;
        return ack(only(text));
      };
      await handling.run({ name: 'command', user, tell }, async () => {
        const waiting = new AbortController();
        const late = clock.sleep(answerWithinMs, waiting.signal).then(
          () => null,
          () => null,
        );
        const answering = answer(user, command.text);
        answering.catch(() => {});
        const inTime = await Promise.race([answering, late]);
        waiting.abort();
        if (inTime === null) await tell(textsFor(await access.localeOf(user)).admin.looking);
        await tell(inTime ?? (await answering));
      });
    });
  };
