import type { Clock } from '../../clock.ts';

/** How a request ended, for the server that it went to: `unknown` when somebody wanted no more of it. */
type Outcome = 'well' | 'ill' | 'unknown';

/** One request's place on a server. */
interface Slot {
  /** The server's base address. */
  readonly url: string;
  /** Once; later calls do nothing. */
  release(outcome: Outcome): void;
}

export interface EndpointState {
  readonly url: string;
  /** False while it is avoided after a failure. */
  readonly well: boolean;
  /** Requests of this process under way on it. */
  readonly inFlight: number;
}

/** The servers of one model. */
export interface Endpoints {
  /** A place on the best server: one not in `tried` if there is one, one that is well, with the fewest requests of ours. */
  take(tried: ReadonlySet<string>): Slot;
  /** The address of the best server, for a question that is no generation. */
  best(): string;
  /** Something other than a generation has shown how a server is. */
  seen(url: string, outcome: Outcome): void;
  states(): EndpointState[];
}

export interface EndpointsOptions {
  readonly urls: readonly string[];
  readonly clock: Clock;
  /** Looks whether a server that failed is back; true: it is. Never throws. */
  readonly probe: (url: string) => Promise<boolean>;
  /** How long a server is avoided after its first failure in a row; twice as long after each further one. */
  readonly avoidMs?: number;
  readonly longestAvoidMs?: number;
}

interface Server {
  readonly url: string;
  inFlight: number;
  failures: number;
  avoidedUntil: number;
  probing: boolean;
  usedAt: number;
}

/**
 * Shares requests between the servers of one model. A server that failed is avoided for a while; when that is over it is
 * asked for its health first, as long as another can do the work meanwhile: no question pays for finding out.
 */
export const createEndpoints = ({
  urls,
  clock,
  probe,
  avoidMs = 1_000,
  longestAvoidMs = 30_000,
}: EndpointsOptions): Endpoints => {
  const servers: Server[] = urls.map((url) => ({
    url,
    inFlight: 0,
    failures: 0,
    avoidedUntil: 0,
    probing: false,
    usedAt: 0,
  }));
  let uses = 0;

  const judge = (server: Server, outcome: Outcome): void => {
    if (outcome === 'well') server.failures = 0;
    if (outcome !== 'ill') return;
    server.failures += 1;
    server.avoidedUntil = clock.now() + Math.min(longestAvoidMs, avoidMs * 2 ** (server.failures - 1));
  };
  const look = (server: Server): void => {
    if (server.probing) return;
    server.probing = true;
    void probe(server.url).then((back) => {
      server.probing = false;
      judge(server, back ? 'well' : 'ill');
    });
  };
  /** 0 is best: well; then one whose time of avoidance is over; then the others. */
  const rank = ({ failures, avoidedUntil }: Server, now: number): number =>
    failures === 0 ? 0 : avoidedUntil <= now ? 1 : 2;

  const choose = (tried: ReadonlySet<string>): Server => {
    const now = clock.now();
    const untried = servers.filter(({ url }) => !tried.has(url));
    const order = (untried.length > 0 ? untried : servers).toSorted(
      (a, b) =>
        rank(a, now) - rank(b, now) ||
        (rank(a, now) === 2 ? a.avoidedUntil - b.avoidedUntil : 0) ||
        a.inFlight - b.inFlight ||
        a.usedAt - b.usedAt,
    );
    const chosen = order[0] as Server;
    if (chosen.failures === 0) for (const server of servers) if (rank(server, now) === 1) look(server);
    return chosen;
  };
  const named = (url: string): Server | undefined => servers.find((server) => server.url === url);

  return {
    take(tried) {
      const server = choose(tried);
      server.inFlight += 1;
      uses += 1;
      server.usedAt = uses;
      let held = true;
      return {
        url: server.url,
        release(outcome) {
          if (!held) return;
          held = false;
          server.inFlight -= 1;
          judge(server, outcome);
        },
      };
    },
    best: () => choose(new Set()).url,
    seen(url, outcome) {
      const server = named(url);
      if (server) judge(server, outcome);
    },
    states: () => servers.map(({ url, failures, inFlight }) => ({ url, well: failures === 0, inFlight })),
  };
};
