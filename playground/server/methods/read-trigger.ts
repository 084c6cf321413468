import type { Trigger } from '../interaction/triggers.ts';
import { SlackFault } from '../slack-fault.ts';
import type { Call } from './method.ts';

/** The act that `trigger_id` stands for; it is used up. */
export const readTrigger = ({ workspace, app, args }: Call): Trigger => {
  const trigger = workspace.triggers.redeem(args.requiredText('trigger_id'), app.id);
  if (typeof trigger === 'string') throw new SlackFault(trigger);
  return trigger;
};

export const requiredView = ({ args }: Call): Record<string, unknown> => {
  const view = args.object('view');
  if (!view) throw new SlackFault('invalid_arguments', ['[ERROR] missing required field: view']);
  return view;
};
