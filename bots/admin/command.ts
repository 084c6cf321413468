import type { WebClient } from '@slack/web-api';
import type { Access } from '../../src/access/access.ts';
import type { MessageContent } from '../../src/delivery/presenter.ts';
import type { Texts } from '../../src/i18n/texts.ts';
import type { AuditedBy } from '../../src/store/admin-store.ts';

/** A sub-command as somebody gave it. */
export interface CommandCall {
  readonly user: string;
  readonly team: string;
  readonly channel: string;
  readonly app: string;
  /** Unlike any other call's. */
  readonly callId: string;
  /** Looked up for this call. */
  readonly admin: boolean;
  readonly texts: Texts;
  readonly access: Access;
  readonly client: WebClient;
  /** What follows the sub-command: as it stands, and by words. */
  readonly rest: string;
  readonly words: readonly string[];
  /** Of a list, from 0. */
  readonly page: number;
}

/** A change that is done only after its button was pressed. */
export interface Proposal {
  /** What would be done, mrkdwn. */
  readonly confirm: string;
  /** For `perform`; plain JSON. */
  readonly args: unknown;
}

/** One sub-command of `/tenkyo`. */
export interface SubCommand {
  /** One word or two. */
  readonly name: CommandName;
  readonly who: 'admin' | 'everybody';
  /** What follows the name, as help shows it. */
  readonly usage: string;
  /** Only the person who asked sees the answer. `null`: used wrongly. */
  run(call: CommandCall): Promise<MessageContent | Proposal | null>;
  /** Does what was proposed; writes its audit entry with the change. */
  perform?(args: unknown, call: CommandCall): Promise<MessageContent>;
}

export type CommandName = keyof Texts['commands']['what'];

/** The part of an audit entry that says who did it from where. */
export const auditedBy = (
  { team, user, app, channel }: Pick<CommandCall, 'team' | 'user' | 'app' | 'channel'>,
  action: CommandName,
  target: string | null,
): AuditedBy => ({ team, actor: user, action, target, app, channel });
