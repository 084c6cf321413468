import type { Clock } from '../src/clock.ts';

/** How far a build is. `texts` counts lines of the corpus files, `vectors` passages. */
export interface BuildProgress {
  readonly step: 'texts' | 'vectors';
  readonly done: number;
  readonly total: number;
  /** A second, since the step began in this process. */
  readonly rate: number;
}

export type ReportProgress = (progress: BuildProgress) => void;

export interface Progress {
  begin(step: BuildProgress['step'], facts: { done: number; total: number }): void;
  advance(done: number): void;
}

/** Reports at the beginning and end of each step, and between them at most every 200 ms. */
export const createProgress = ({ clock, report }: { clock: Pick<Clock, 'now'>; report?: ReportProgress }): Progress => {
  let step: BuildProgress['step'] = 'texts';
  let total = 0;
  let from = 0;
  let since = 0;
  let reported = 0;
  const tell = (done: number): void => {
    const seconds = (clock.now() - since) / 1_000;
    reported = clock.now();
    report?.({ step, done, total, rate: seconds > 0 ? (done - from) / seconds : 0 });
  };
  return {
    begin: (next, facts) => {
      step = next;
      total = facts.total;
      from = facts.done;
      since = clock.now();
      tell(from);
    },
    advance: (done) => {
      if (done >= total || clock.now() - reported >= 200) tell(done);
    },
  };
};
