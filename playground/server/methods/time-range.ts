import type { Arguments } from '../arguments.ts';
import type { Stretch } from '../state/messages.ts';

const TS = /^\d{10}\.\d{6}$/;

/** Slack takes seconds with any number of decimals; ours are compared as text, so they get exactly six. */
const asTs = (value: string): string =>
  TS.test(value)
    ? value
    : Math.max(0, Number(value) || 0)
        .toFixed(6)
        .padStart(17, '0');

const beside = (ts: string, step: 1 | -1): string => {
  const [seconds, micros] = ts.split('.') as [string, string];
  const total = BigInt(seconds) * 1_000_000n + BigInt(micros) + BigInt(step);
  const digits = String(total < 0n ? 0n : total).padStart(16, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
};

/** `oldest`, `latest` and `inclusive` as a stretch whose ends are left out. */
export const readRange = (args: Arguments): Pick<Stretch, 'after' | 'before'> => {
  const oldest = args.text('oldest');
  const latest = args.text('latest');
  const inclusive = args.flag('inclusive');
  const range: { after?: string; before?: string } = {};
  if (oldest) range.after = inclusive ? beside(asTs(oldest), -1) : asTs(oldest);
  if (latest) range.before = inclusive ? beside(asTs(latest), 1) : asTs(latest);
  return range;
};
