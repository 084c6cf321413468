import { textsFor } from '../../src/i18n/texts.ts';
import type { Locale } from '../../src/store/records.ts';
import type { Store } from '../../src/store/store.ts';
import type { Logger } from '../../src/telemetry/log.ts';

export interface NoticeOptions {
  readonly store: Pick<Store, 'people'>;
  readonly logger: Logger;
}

/** People of whom is known here that they have been told; who falls out is looked up again. */
const mostKnown = 10_000;

/** Says once to a person, before anything of theirs is used, what is recorded. */
export const createNotice = ({ store, logger }: NoticeOptions) => {
  const told = new Set<string>();

  return async (
    { team, user, locale }: { team: string; user: string; locale: Locale },
    tell: (text: string) => Promise<unknown>,
  ): Promise<void> => {
    const person = `${team} ${user}`;
    if (told.has(person)) return;
    const first = await store.people.noticeOnce(team, user);
    if (told.size >= mostKnown) told.clear();
    told.add(person);
    if (!first) return;
    await tell(textsFor(locale).feedback.notice).catch((error: unknown) =>
      logger.warn({ err: error }, 'the notice could not be shown'),
    );
  };
};
