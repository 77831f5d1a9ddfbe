import { writeMark } from '../marks.ts';
import { spreadOf, table } from '../spread.ts';
import { contenders, start } from './contenders.ts';
import { memoryOf } from './live.ts';
import { prepareSoak } from './soak-load.ts';
import { judgeSoak, type SoakMinute, type SoakWindow } from './soak-verdict.ts';
import type { BenchTokens } from './tokens.ts';

const windowSeconds = 10;
const windowsPerMinute = 60 / windowSeconds;
/** About how many rows the table has. */
const mostRows = 10;

/**
 * Loads our server for some minutes, and looks at the latency, the resident memory and the errors every 10 s. After each
 * minute, the load pauses, and the live memory is measured after a forced collection of garbage.
 *
 * @param minutes - an integer, at least `leastMinutes`
 * @returns whether p99 was steady, memory did not grow in the second half, and there was no error
 */
export async function soak(tokens: BenchTokens, minutes: number, write: boolean): Promise<boolean> {
  const ours = contenders.find(({ is }) => is === 'ours');
  if (!ours) return false;
  const server = await start(ours, tokens, { isInspected: true });
  try {
    const load = await prepareSoak(server, tokens);
    const seen: Minute[] = [];
    for (let minute = 1; minute <= minutes; minute += 1) {
      const windows = await load.run(windowsPerMinute, windowSeconds);
      const { residentMiB, ...after } = await memoryOf(server);
      const measured: Minute = {
        windows,
        peakMiB: Math.max(residentMiB, ...windows.map((window) => window.residentMiB)),
        ...after,
      };
      seen.push(measured);
      process.stderr.write(`${rowOf(minute, measured).join(', ')}\n`);
    }
    const windows = seen.flatMap((minute) => minute.windows);
    const verdict = judgeSoak({ windows, minutes: seen, errors: load.errors });
    const text = [soakTable(seen), '', ...verdict.lines.map((line) => `- ${line}`)].join('\n');
    process.stdout.write(`\n${text}\n`);
    const day = new Date().toISOString().slice(0, 10);
    if (write) await writeMark('soak', `${minutes} minutes of full load, ${day}.\n\n${text}`);
    return verdict.passed;
  } finally {
    await server.stop();
  }
}

/** The windows of one minute of load, and its memory. */
interface Minute extends SoakMinute {
  readonly windows: readonly SoakWindow[];
}

/** A table with about ten of the minutes. */
function soakTable(seen: readonly Minute[]): string {
  const step = Math.max(1, Math.floor(seen.length / mostRows));
  const rows = seen.flatMap((minute, index) => ((index + 1) % step === 0 ? [rowOf(index + 1, minute)] : []));
  const head = [
    'after',
    'requests a second',
    'p50 of W1',
    'p99 of W1',
    'resident, peak',
    'after collection',
    'live',
    'ran',
  ];
  return table(head, rows);
}

/** The medians of the windows of a minute, and its memory. */
function rowOf(minute: number, { windows, peakMiB, residentAfterMiB, liveMiB }: Minute): string[] {
  const median = (of: (window: SoakWindow) => number): number => spreadOf(windows.map(of)).median;
  return [
    `${minute} min`,
    median(({ requestsPerSecond }) => requestsPerSecond).toFixed(0),
    `${median(({ p50Ms }) => p50Ms).toFixed(2)} ms`,
    `${median(({ p99Ms }) => p99Ms).toFixed(2)} ms`,
    `${peakMiB.toFixed(0)} MiB`,
    `${residentAfterMiB.toFixed(0)} MiB`,
    `${liveMiB.toFixed(1)} MiB`,
    `${(100 * median(({ ranShare }) => ranShare)).toFixed(0)} %`,
  ];
}
