import { readdirSync, readFileSync } from 'node:fs';

/** What a process has used of its processor, and wanted to use, since its start, in microseconds. */
export interface ProcessorUse {
  /** The time that all threads of the process ran. */
  readonly ranUs: number;
  /** The time that the main thread ran. Null: the system does not report it. */
  readonly mainRanUs: number | null;
  /** The time that the main thread could have run, but waited for the processor. */
  readonly mainWaitedUs: number;
}

/** Reads the use of the processor by a process. The kernel counts in nanoseconds in `schedstat`. */
export function processorUse(pid: number): ProcessorUse {
  try {
    let ranUs = 0;
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      try {
        ranUs += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0]) / 1_000;
      } catch {
        // The thread has ended meanwhile.
      }
    }
    const [ran = 0, waited = 0] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ').map(Number);
    return { ranUs, mainRanUs: ran / 1_000, mainWaitedUs: waited / 1_000 };
  } catch {
    // A kernel without schedstat counts in hundredths of a second.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return { ranUs: (Number(fields[11]) + Number(fields[12])) * 10_000, mainRanUs: null, mainWaitedUs: 0 };
  }
}

/** Returns the resident memory of a process, in MiB. */
export function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}
