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
}

/** Sets the function that the first SIGTERM or SIGINT calls. */
export function onStopSignal(stop: () => void): void {
  answer = stop;
}
