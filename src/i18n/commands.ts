import type { Quota } from '../store/admin-records.ts';
import type { AnswerStatus } from '../store/records.ts';

type CommandNames =
  | 'help'
  | 'status'
  | 'find'
  | 'jobs'
  | 'cancel'
  | 'model list'
  | 'model pause'
  | 'model resume'
  | 'model settings'
  | 'channel allow'
  | 'channel deny'
  | 'channel model'
  | 'quota show'
  | 'quota set'
  | 'user ban'
  | 'user unban'
  | 'corpus list'
  | 'hide'
  | 'unhide'
  | 'audit'
  | 'announce';

export type HelpGroup = 'everybody' | 'answers' | 'models' | 'channels' | 'people' | 'data' | 'record';

/** The sub-commands of `/tenkyo`. Names given to these functions are mrkdwn already. */
export interface CommandTexts {
  readonly helpTitle: string;
  readonly what: Readonly<Record<CommandNames, string>>;
  unknown(given: string, nearest: string | null): string;
  usage(usage: string): string;
  /** `reason`: it could not be found out whether the person is an admin. */
  onlyAdmins(admins: readonly string[], reason: string | null): string;
  readonly otherWorkspace: string;
  readonly confirmButton: string;
  readonly dismissButton: string;
  readonly dismissed: string;
  readonly stale: Readonly<Record<'unknown' | 'used' | 'expired' | 'another_person', string>>;
  /** Headings of help. */
  readonly groups: Readonly<Record<HelpGroup, string>>;
  readonly wasSo: string;
  readonly nothing: string;
  readonly everybody: string;
  readonly notInUse: string;
  pausedBy(person: string): string;
  readonly jobsTitle: string;
  readonly modelsTitle: string;
  readonly corporaTitle: string;
  readonly quotaTitle: string;
  readonly auditTitle: string;
  readonly states: Readonly<Record<AnswerStatus, string>>;
  readonly outcomes: Readonly<Record<'denied' | 'failed', string>>;
  /** What is written down that is no sub-command. */
  readonly otherActions: Readonly<Record<'confirm' | 'unknown', string>>;
  /** Why something was denied, by what is written down. */
  readonly reasons: Readonly<Record<string, string>>;
  /** What a setting was or became. */
  readonly values: {
    readonly paused: string;
    readonly notPaused: string;
    readonly denied: string;
    readonly allowed: string;
    readonly ownModel: string;
    readonly notSet: string;
    readonly banned: string;
    readonly notBanned: string;
    readonly hidden: string;
    readonly shown: string;
    channels(count: string): string;
  };
  seconds(count: number): string;
  quota(quota: Quota): string;
  used(used: Readonly<Record<keyof Quota, number>>): string;
  corpusFacts(facts: { seenBy: readonly string[]; runs: readonly string[]; hidden: number }): string;
  noAnswer(id: string): string;
  endedAlready(id: string): string;
  noModel(given: string, models: readonly string[]): string;
  noChannel(given: string): string;
  noPerson(given: string): string;
  noDocument(given: string): string;
  readonly severalDocuments: string;
  tooLong(most: string): string;
  /** What was done to what, after it was confirmed. */
  readonly did: {
    cancel(model: string, person: string, was: 'queued' | 'running'): string;
    pause(model: string): string;
    resume(model: string): string;
    allow(channel: string): string;
    deny(channel: string): string;
    channelModel(channel: string, model: string | null): string;
    quota(whose: string, after: string | null): string;
    ban(person: string): string;
    unban(person: string): string;
    /** `messages`: results in threads that are rewritten. */
    hide(document: string, messages: number): string;
    unhide(document: string, messages: number): string;
  };
  /** `failed`, `unsure`: links to channels; `before`: how many had it already. */
  announced(facts: { sent: number; failed: readonly string[]; unsure: readonly string[]; before: number }): string;
  announcedBefore(channels: number, unsure: readonly string[]): string;
  readonly confirm: {
    cancel(model: string, person: string): string;
    pause(model: string): string;
    resume(model: string): string;
    allow(channel: string): string;
    deny(channel: string): string;
    channelModel(channel: string, model: string | null): string;
    /** `after` null: what is set for everybody, or configured. */
    quota(whose: string, before: string, after: string | null): string;
    ban(person: string): string;
    unban(person: string): string;
    hide(document: string): string;
    unhide(document: string): string;
    /** `before`: channels that have it from an attempt that broke off. */
    announce(channels: number, before: number): string;
  };
}
