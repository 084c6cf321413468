import { whisper } from '../conversation/post.ts';
import type { Answer } from '../socket/interactive-requests.ts';
import type { InstalledApp } from '../state/apps.ts';
import type { Member } from '../state/people.ts';
import { sayFailed } from '../texts.ts';
import type { Workspace } from '../workspace.ts';
import { LocalFault } from './request.ts';

type Refusal = Extract<Answer, { acknowledged: false }>;

/** Tells the person, in the place where they acted, that the app did not answer. */
export const whisperFailed = (
  workspace: Workspace,
  {
    app,
    person,
    channel,
    threadTs,
    what,
  }: { app: InstalledApp; person: Member; channel: string; threadTs: string | null; what: string },
  { reason }: Refusal,
): void => {
  const text = sayFailed(reason, person.locale, app.name, what);
  whisper(workspace, { channel, user: app.userId, appId: app.id, threadTs, text }, person.id);
};

/** The same where there is no channel to say it in: in a modal. */
export const failed = (app: InstalledApp, person: Member, what: string, { reason }: Refusal): LocalFault =>
  new LocalFault(reason === 'timeout' ? 504 : 502, reason, sayFailed(reason, person.locale, app.name, what));

/** The app answered with something that Slack would refuse. */
export class LocalFaultOfApp extends LocalFault {
  constructor(app: InstalledApp, what: string) {
    super(502, 'app_fault', `${app.name} answered with something that Slack would refuse: ${what}.`);
  }
}
