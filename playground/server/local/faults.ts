import { z } from 'zod';
import type { Faults } from '../faults/faults.ts';
import type { Workspace } from '../workspace.ts';

const callFault = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rate_limited'), retryAfter: z.number().int().min(0) }),
  z.object({ kind: z.literal('error'), error: z.string().min(1) }),
  z.object({ kind: z.literal('apply_then_500') }),
  z.object({ kind: z.literal('apply_then_drop') }),
  z.object({ kind: z.literal('delay'), ms: z.number().int().min(0).max(60_000) }),
]);

/** POST /local/faults: what Slack does on its bad days, ordered by a test. The page has no use for it. */
export const faultOrder = z.discriminatedUnion('order', [
  z.object({
    order: z.literal('call'),
    method: z.string().min(1),
    times: z.number().int().min(1).default(1),
    fault: callFault,
  }),
  z.object({ order: z.literal('streaming'), on: z.boolean() }),
  z.object({
    order: z.literal('disconnect'),
    app: z.string().optional(),
    reason: z.enum(['warning', 'refresh_requested', 'link_disabled']),
  }),
  z.object({ order: z.literal('duplicate_next_event'), app: z.string().min(1) }),
]);

export const follow = (
  { store, connections, delivery }: Workspace,
  faults: Faults,
  order: z.infer<typeof faultOrder>,
): void => {
  const idOf = (name: string): string => store.apps.findByName(name)?.id ?? name;
  if (order.order === 'call') faults.add(order.method, order.fault, order.times);
  else if (order.order === 'streaming') faults.setStreaming(order.on);
  else if (order.order === 'duplicate_next_event') delivery.duplicateNext(idOf(order.app));
  else connections.disconnect(order.reason, order.app === undefined ? undefined : idOf(order.app));
};
