import { constants } from 'node:os';

type StopSignal = 'SIGTERM' | 'SIGINT';

let answer = (signal: StopSignal): void => process.exit(128 + constants.signals[signal]);

/**
 * Hears SIGTERM and SIGINT from now on. Until `onStopSignal` says otherwise the process ends at once, with the exit code that a
 * shell gives for the signal. What a start does to the database is done in transactions, so it can be done again.
 *
 * The kernel passes a signal to process 1 of a container only where it is handled. One that comes while the program is loading or
 * starting would be lost, and the container killed when its time to stop is over.
 */
export function hearStopSignals(): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => answer(signal));
}

/** Sets what is done at the first SIGTERM or SIGINT. */
export function onStopSignal(stop: () => void): void {
  answer = stop;
}
