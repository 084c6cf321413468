import cliProgress from 'cli-progress';
import type { BuildProgress, ReportProgress } from '../../indexers/progress.ts';
import { grouped } from './numbers.ts';

const stepNames: Readonly<Record<BuildProgress['step'], string>> = { texts: 'texts  ', vectors: 'vectors' };

/** How far a build is: a bar with rate and time left on a terminal, a line at times elsewhere. */
export const createProgressLine = (
  error: NodeJS.WriteStream,
  note: (line: string) => void,
): { report: ReportProgress; stop(): void } => {
  if (!error.isTTY) {
    let told = '';
    return {
      report: ({ step, done, total, rate }) => {
        const tenth = Math.floor((10 * done) / Math.max(1, total));
        if (told === `${step} ${tenth}`) return;
        told = `${step} ${tenth}`;
        note(`${stepNames[step].trim()} ${grouped(done)}/${grouped(total)} · ${grouped(Math.round(rate))}/s`);
      },
      stop: () => undefined,
    };
  }
  const bar = new cliProgress.SingleBar({
    stream: error,
    format: '{step} {bar} {value}/{total} · {rate}/s · {eta_formatted} left',
    barsize: 30,
    hideCursor: true,
  });
  let shown: BuildProgress['step'] | null = null;
  return {
    report: ({ step, done, total, rate }) => {
      const facts = { step: stepNames[step], rate: grouped(Math.round(rate)) };
      if (shown !== step) {
        if (shown !== null) bar.stop();
        bar.start(total, done, facts);
        shown = step;
      } else bar.update(done, facts);
    },
    stop: () => bar.stop(),
  };
};
