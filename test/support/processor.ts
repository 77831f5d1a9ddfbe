import { processorUse } from '../bench/hot/processor.ts';

/**
 * Returns how long the threads of a process have run since its start, in milliseconds. Compare two values, so that other
 * work on the machine does not count. Where the system does not report it, the result is the time.
 */
export function ranMs(pid: number | undefined): number {
  try {
    if (pid !== undefined) return processorUse(pid).ranUs / 1_000;
  } catch {
    // For example, the system has no /proc.
  }
  return performance.now();
}

/** Returns how long the main thread of a process could have run, but waited for the processor, in milliseconds. 0: unknown. */
export function waitedMs(pid: number | undefined): number {
  try {
    return pid === undefined ? 0 : processorUse(pid).mainWaitedUs / 1_000;
  } catch {
    return 0;
  }
}
