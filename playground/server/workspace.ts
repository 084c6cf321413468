import type { Clock } from '../../src/clock.ts';
import type { Ephemerals } from './conversation/ephemerals.ts';
import type { Sessions } from './conversation/sessions.ts';
import type { Statuses } from './conversation/statuses.ts';
import type { Ids } from './ids.ts';
import type { Triggers } from './interaction/triggers.ts';
import type { LiveHub } from './live/hub.ts';
import type { Connections } from './socket/connections.ts';
import type { EventDelivery } from './socket/event-delivery.ts';
import type { InteractiveRequests } from './socket/interactive-requests.ts';
import type { Store } from './state/store.ts';

/** The parts that the Web API and the page's interface work on. */
export interface Workspace {
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly live: LiveHub;
  readonly connections: Connections;
  readonly delivery: EventDelivery;
  readonly requests: InteractiveRequests;
  readonly triggers: Triggers;
  readonly ephemerals: Ephemerals;
  readonly statuses: Statuses;
  readonly sessions: Sessions;
  /** Ends with the workspace. */
  readonly closing: AbortSignal;
  /** `http://127.0.0.1:3000`, without a slash at the end. */
  address(): string;
}
