import { constants } from 'node:os';

type StopSignal = 'SIGTERM' | 'SIGINT';

let answer = (signal: StopSignal): void => process.exit(128 + constants.signals[signal]);

/**
 * Starts to handle SIGTERM and SIGINT. Until `onStopSignal` is called, a signal ends the process at once. The exit code
 * is the code that a shell reports for the signal. A start changes the database only in transactions. The next start
 * repeats an interrupted change.
 *
 * The kernel passes a signal to process 1 of a container only if the process handles the signal. Without this handler,
 * process 1 would ignore signals while the program is loading. The container would then be killed after its time limit
 * for stopping.
 */
export function hearStopSignals(): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => answer(signal));
  stopWithPackageManager(() => answer('SIGTERM'));
}

/** How often a process checks whether its package manager still runs, in milliseconds. */
const parentCheckMs = 250;

/**
 * Calls a function when the package manager that runs this process as a script has ended. pnpm does not pass SIGTERM on.
 * Does nothing if no package manager runs this process.
 */
export function stopWithPackageManager(stop: () => void): void {
  const { ppid } = process;
  // npm and pnpm set this variable.
  if (process.env['npm_lifecycle_event'] === undefined || ppid === 1) return;
  const timer = setInterval(() => {
    // The kernel gives the process another parent when its parent ends.
    if (process.ppid === ppid) return;
    clearInterval(timer);
    stop();
  }, parentCheckMs).unref();
}

/** Sets the function that the first SIGTERM or SIGINT calls. */
export function onStopSignal(stop: () => void): void {
  answer = stop;
}
