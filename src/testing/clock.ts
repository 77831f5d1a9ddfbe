import { StartError } from '../errors.ts';
import { kindOf } from '../protocol/shown.ts';

/** A clock that a test sets. Pass it as the option `clock`: it returns milliseconds since the epoch. */
export interface TestClock {
  (): number;
  /** Sets the time: a date, or a text such as `2030-01-01T12:00:00Z`. */
  readonly set: (time: Date | string) => void;
  /** Moves the time forward, or with a negative number back. */
  readonly advanceSeconds: (seconds: number) => void;
}

/**
 * Makes a clock that stands still until a test moves it.
 *
 * @param start - a date, or a text such as `2030-01-01T12:00:00Z`, which is also the default
 * @throws {StartError} if this is not a time
 */
export function testClock(start: Date | string = '2030-01-01T12:00:00Z'): TestClock {
  let now = millisecondsOf('testClock', start);
  const clock = (): number => now;
  return Object.assign(clock, {
    set(time: Date | string): void {
      now = millisecondsOf('set', time);
    },
    advanceSeconds(seconds: number): void {
      if (!Number.isFinite(seconds)) {
        throw new StartError([`advanceSeconds: expected a number of seconds; found ${kindOf(seconds)}`]);
      }
      now += seconds * 1_000;
    },
  });
}

function millisecondsOf(name: string, time: unknown): number {
  const isTime = typeof time === 'string' || time instanceof Date;
  const milliseconds = isTime ? new Date(time).getTime() : Number.NaN;
  if (!Number.isNaN(milliseconds)) return milliseconds;
  throw new StartError([`${name}: expected a Date, or a text such as 2030-01-01T12:00:00Z; found ${kindOf(time)}`]);
}
