import cliProgress from 'cli-progress';
import type { BuildProgress, ReportProgress } from '../../indexers/progress.ts';
import { duration, grouped } from './numbers.ts';

const stepNames: Readonly<Record<BuildProgress['step'], string>> = { texts: 'texts  ', vectors: 'vectors' };

/** `480/s · 40 s left`; before the rate is known: how many there are. */
const pace = ({ done, total, rate }: BuildProgress): string => {
  if (done >= total) return `${grouped(Math.round(rate))}/s`;
  return rate > 0 ? `${grouped(Math.round(rate))}/s · ${duration((total - done) / rate)} left` : 'beginning';
};

/** How far a build is: a bar with rate and time left on a terminal, a line at times elsewhere. */
export const createProgressLine = (
  error: NodeJS.WriteStream,
  note: (line: string) => void,
): { report: ReportProgress; stop(): void } => {
  if (!error.isTTY) {
    let told = '';
    return {
      report: (progress) => {
        const { step, done, total } = progress;
        const tenth = Math.floor((10 * done) / Math.max(1, total));
        if (told === `${step} ${tenth}`) return;
        told = `${step} ${tenth}`;
        note(`${stepNames[step].trim()} ${grouped(done)}/${grouped(total)} · ${pace(progress)}`);
      },
      stop: () => undefined,
    };
  }
  const bar = new cliProgress.SingleBar({
    stream: error,
    format: '{step} {bar} {value}/{total} · {pace}',
    barsize: 30,
    hideCursor: true,
  });
  let shown: BuildProgress['step'] | null = null;
  return {
    report: (progress) => {
      const { step, done, total } = progress;
      const facts = { step: stepNames[step], pace: pace(progress) };
      if (shown !== step) {
        if (shown !== null) bar.stop();
        bar.start(total, done, facts);
        shown = step;
      } else bar.update(done, facts);
    },
    stop: () => bar.stop(),
  };
};
