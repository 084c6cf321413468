import type { Clock } from '../../../src/clock.ts';
import { type Apps, createApps } from './apps.ts';
import { type Channels, createChannels } from './channels.ts';
import { openDatabase } from './database.ts';
import { createFiles, type Files } from './files.ts';
import { createMessages, type Messages } from './messages.ts';
import { createPendingEvents, type PendingEvents } from './pending-events.ts';
import { createPeople, type People } from './people.ts';
import { createResponseUrls, type ResponseUrls } from './response-urls.ts';
import { createSettings, type Settings } from './settings.ts';
import { createThreadTitles, type ThreadTitles } from './thread-titles.ts';
import { createViews, type Views } from './views.ts';

/** Everything that outlives the process. */
export interface Store {
  readonly settings: Settings;
  readonly people: People;
  readonly apps: Apps;
  readonly channels: Channels;
  readonly messages: Messages;
  readonly views: Views;
  readonly pendingEvents: PendingEvents;
  readonly responseUrls: ResponseUrls;
  readonly threadTitles: ThreadTitles;
  readonly files: Files;
  transaction<T>(work: () => T): T;
  afterCommit(effect: () => void): void;
  close(): void;
}

export const openStore = (file: string, clock: Clock): Store => {
  const database = openDatabase(file);
  return {
    settings: createSettings(database),
    people: createPeople(database),
    apps: createApps(database),
    channels: createChannels(database, clock),
    messages: createMessages(database),
    views: createViews(database),
    pendingEvents: createPendingEvents(database),
    responseUrls: createResponseUrls(database),
    threadTitles: createThreadTitles(database),
    files: createFiles(database),
    transaction: database.transaction,
    afterCommit: database.afterCommit,
    close: database.close,
  };
};
