import { readFileSync } from 'node:fs';

/**
 * The most memory that a process has held, in bytes. `maxRSS` of a child counts from before its exec: it is never less
 * than the memory of the process that started it, so where the system tells (Linux), it is read there.
 */
export const peakMemory = (): number => {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
};
