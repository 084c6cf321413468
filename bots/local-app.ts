import type { AppConfig } from '../src/config/config.ts';
import { adminCommand } from './admin/role.ts';
import { compareShortcut } from './comparison/actions.ts';
import { findShortcut } from './search/actions.ts';

/** An app as a workspace installs it: its commands and shortcuts, by its roles. */
export interface AppDescription {
  readonly name: string;
  readonly description: string;
  readonly commands: readonly { name: string; description: string; usageHint: string }[];
  readonly shortcuts: readonly { callbackId: string; name: string; description: string }[];
}

const roleDescriptions = {
  model: 'Answers as the model: mention it, or write to it.',
  search: 'Put 🔍 on a message to see what the model read about it.',
  admin: 'State and control of Tenkyo.',
} as const;

/** What the local workspace is told of an app. */
export const describeApp = ({ name, roles }: Pick<AppConfig, 'name' | 'roles'>): AppDescription => ({
  name,
  description: roles.map((role) => roleDescriptions[role]).join(' '),
  commands: roles.includes('admin')
    ? [
        {
          name: adminCommand,
          description: 'State of the models, the search and the queues',
          usageHint: 'help | status | find TEXT | compare TEXT',
        },
      ]
    : [],
  shortcuts: [
    ...(roles.includes('search')
      ? [
          {
            callbackId: findShortcut,
            name: 'Find in training data',
            description: 'Shows what the model read about this message',
          },
        ]
      : []),
    ...(roles.includes('admin')
      ? [
          {
            callbackId: compareShortcut,
            name: 'Compare models',
            description: 'Two answers to this message, judged blind',
          },
        ]
      : []),
  ],
});
