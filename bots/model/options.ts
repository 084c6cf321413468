import type { PdfReader } from '../../src/chat/files/read-pdf.ts';
import type { Feed } from '../../src/feed/feed.ts';
import type { ResultsOptions } from '../search/results.ts';
import type { SettingsFormOptions } from '../settings/settings-form.ts';
import type { PromptsOptions } from './prompts.ts';

export interface ModelRoleOptions extends ResultsOptions, PromptsOptions, Pick<SettingsFormOptions, 'modelFacts'> {
  readonly feed: Pick<Feed, 'publish'>;
  readonly pdf: PdfReader;
  /** The model that answers. */
  readonly model: string;
  /** The app that shows search results; null: there is none. */
  readonly searchApp: string | null;
  /** Whether the search app is in the channel: where it is not, this app shows the results of its own button. */
  readonly searchAppIsIn: (channel: string) => Promise<boolean>;
}
