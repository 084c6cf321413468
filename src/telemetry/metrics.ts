import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { GenerationMeter } from '../generation/metered.ts';
import type { JobMeter } from '../jobs/meter.ts';
import type { SearchMeter } from '../search/meter.ts';
import type { SlackMeter } from '../slack/metered-fetch.ts';

/** What the rooms tell of their work. */
export interface Meters {
  readonly jobs: JobMeter;
  readonly slack: SlackMeter;
  readonly generation: GenerationMeter;
  readonly search: SearchMeter;
  readonly inbox: { duplicate(kind: string): void };
}

export interface Metrics extends Meters {
  /** The state of the queues, asked at each reading. */
  watchQueues(
    counts: () => Promise<readonly { queue: string; waiting: number; active: number; failed: number }[]>,
  ): void;
  /** The text that Prometheus reads. */
  text(): Promise<{ readonly type: string; readonly body: string }>;
}

/** Seconds; from a word on a GPU to a minute in a full queue. */
const buckets = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180];
const speeds = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/** Everything in a registry of its own, with Node's figures (memory, event-loop delay) beside it. */
export const createMetrics = (): Metrics => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `tenkyo_${name}`, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[], of = buckets) =>
    new Histogram({ name: `tenkyo_${name}`, help, labelNames, registers, buckets: of });

  const wait = histogram('queue_wait_seconds', 'From the adding of a job to its start', ['queue']);
  const run = histogram('job_seconds', 'Time of one run of a job', ['queue', 'outcome']);
  const stalled = counter('jobs_stalled_total', 'Jobs taken over from a worker without a sign of life', ['queue']);
  const fenced = counter('jobs_fenced_total', 'Jobs that this worker lost to another', ['queue']);
  const calls = counter('slack_calls_total', 'Requests to the Web API of Slack', ['method', 'outcome']);
  const callTime = histogram('slack_call_seconds', 'Time of a request to the Web API of Slack', ['method']);
  const first = histogram('first_token_seconds', 'From the request to the first token', ['model']);
  const tokens = counter('tokens_total', 'Tokens written', ['model']);
  const speed = histogram('tokens_per_second', 'Speed of an answer', ['model'], speeds);
  const searched = histogram('search_seconds', 'Time of an engine in a search', ['engine', 'status']);
  const duplicates = counter('events_duplicate_total', 'Events from Slack that had been taken before', ['kind']);

  return {
    jobs: {
      began: (queue, seconds) => wait.observe({ queue }, seconds),
      ended: (queue, outcome, seconds) => run.observe({ queue, outcome }, seconds),
      stalled: (queue) => stalled.inc({ queue }),
      fenced: (queue) => fenced.inc({ queue }),
    },
    slack: {
      called: (method, outcome, seconds) => {
        calls.inc({ method, outcome });
        callTime.observe({ method }, seconds);
      },
    },
    generation: {
      firstToken: (model, seconds) => first.observe({ model }, seconds),
      wrote: (model, count, seconds) => {
        tokens.inc({ model }, count);
        if (seconds > 0) speed.observe({ model }, count / seconds);
      },
    },
    search: { searched: ({ engine, status, tookMs }) => searched.observe({ engine, status }, tookMs / 1_000) },
    inbox: { duplicate: (kind) => duplicates.inc({ kind }) },

    watchQueues: (counts) => {
      new Gauge({
        name: 'tenkyo_queue_jobs',
        help: 'Jobs in a queue',
        labelNames: ['queue', 'state'],
        registers,
        async collect() {
          for (const { queue, ...states } of await counts()) {
            for (const [state, jobs] of Object.entries(states)) this.set({ queue, state }, jobs);
          }
        },
      });
    },
    text: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  };
};
