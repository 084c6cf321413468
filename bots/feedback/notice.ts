import { textsFor } from '../../src/i18n/texts.ts';
import type { Locale } from '../../src/store/records.ts';
import type { Store } from '../../src/store/store.ts';
import type { Logger } from '../../src/telemetry/log.ts';

export interface NoticeOptions {
  readonly store: Pick<Store, 'people'>;
  readonly logger: Logger;
}

/** Says once to a person, before anything of theirs is used, what is recorded. */
export const createNotice =
  ({ store, logger }: NoticeOptions) =>
  async (
    { team, user, locale }: { team: string; user: string; locale: Locale },
    tell: (text: string) => Promise<unknown>,
  ): Promise<void> => {
    if (!(await store.people.noticeOnce(team, user))) return;
    await tell(textsFor(locale).feedback.notice).catch((error: unknown) =>
      logger.warn({ err: error }, 'the notice could not be shown'),
    );
  };
