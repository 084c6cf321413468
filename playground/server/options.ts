import type { Clock } from '../../src/clock.ts';
import type { LocaleName } from '../protocol/people.ts';

/** An app that the workspace has installed from the start. */
export interface LocalApp {
  readonly name: string;
  readonly description: string;
  readonly commands: readonly { name: string; description: string; usageHint: string }[];
  readonly shortcuts: readonly { callbackId: string; name: string }[];
}

export interface PlaygroundOptions {
  /** SQLite file of the workspace; made when missing. */
  readonly file: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly apps: readonly LocalApp[];
  readonly suggestions: readonly { locale: LocaleName; text: string }[];
  /** Folder of the built page; null: the Web API alone. */
  readonly pageDirectory: string | null;
  readonly clock: Clock;
}

/** A running local workspace. */
export interface Playground {
  /** What a person opens, `http://127.0.0.1:3000/`. */
  readonly url: string;
  /** For Bolt's `clientOptions.slackApiUrl`. */
  readonly slackApiUrl: string;
  /** Token of `/local/` (the page has it; tests and the command line need it). */
  readonly pageToken: string;
  /** The tokens of an app by its name; random, kept in the workspace's file. */
  tokensOf(appName: string): { botToken: string; appToken: string };
  close(): Promise<void>;
}
