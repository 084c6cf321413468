import type { Access } from '../../src/access/access.ts';
import type { Texts } from '../../src/i18n/texts.ts';

/** Who ran a sub-command, and what they read. */
export interface CommandRun {
  readonly user: string;
  readonly texts: Texts;
  readonly access: Access;
}

/** One sub-command of `/tenkyo`: one file each. */
export interface SubCommand {
  readonly name: keyof Texts['admin']['commands'];
  /** The answer, mrkdwn; only the person who asked sees it. */
  run(run: CommandRun): Promise<string>;
}
