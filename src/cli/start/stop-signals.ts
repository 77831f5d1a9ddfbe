import { constants } from 'node:os';

type StopSignal = 'SIGTERM' | 'SIGINT';

let answer = (signal: StopSignal): void => process.exit(128 + constants.signals[signal]);

/**
 * Handles SIGTERM and SIGINT from now on. Until `onStopSignal` is called, a signal ends the process at once, with the exit code that
 * a shell gives for the signal. A start changes the database in transactions, so the next start can repeat what was interrupted.
 *
 * The kernel passes a signal to process 1 of a container only if the process handles it. Without this, a signal that arrives while
 * the program is loading would be lost, and the container would be killed when its time to stop is over.
 */
export function hearStopSignals(): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => answer(signal));
}

/** Sets what the first SIGTERM or SIGINT does. */
export function onStopSignal(stop: () => void): void {
  answer = stop;
}
