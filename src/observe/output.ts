import { Buffer } from 'node:buffer';
import { writeSync } from 'node:fs';

/** A destination of log lines. */
export interface LogOutput {
  /** Writes a line at once, after the lines that wait. */
  write(line: string): void;
  /** Writes a line within `batchMs`, together with other lines. */
  writeSoon(line: string): void;
}

/** The destination of the log of a process. It must write what waits when the process exits. */
export interface ProcessOutput extends LogOutput {
  /** Writes all lines that wait. If the destination takes no bytes, it blocks and tries again, for at most 1 s. */
  writeAll(): void;
}

/** The parts of the system that an output uses. The tests replace them. */
export interface OutputSystem {
  /** Writes bytes. Returns how many bytes the destination took. Throws as `writeSync` of `node:fs`. */
  readonly write: (bytes: Uint8Array) => number;
  /** Calls a function later. It must not keep the process running. */
  readonly later: (run: () => void, ms: number) => void;
  /** Blocks the process. */
  readonly pause: (ms: number) => void;
}

/** How long an access line waits for other lines, in milliseconds. */
export const batchMs = 10;
/** The number of waiting characters that are written without waiting for more. */
const fullBatch = 65_536;
/** The largest number of characters and bytes that wait. */
export const maxWaiting = 1_048_576;
/** The room within `maxWaiting` that access lines leave to the other lines. */
export const roomForOthers = 131_072;
/** How long the output waits after the destination took no bytes: its reader is slow. */
const slowReaderMs = 20;
/** How long the output waits after another fault, for example a full disk. */
const faultMs = 1_000;
/** How often `writeAll` tries again. */
const lastTries = 50;

/**
 * Makes an output that writes to a file descriptor. All lines keep their order. Nothing in it throws.
 *
 * If the destination does not take the lines (a slow reader, a full disk), the output keeps at most `maxWaiting`
 * characters and tries again. It discards further lines and counts them. When the destination has taken all waiting
 * lines, the output writes a line that states this number. If the reader of the destination has ended (`EPIPE`), the
 * output discards everything.
 *
 * @param lostLine - makes the line that states how many lines were discarded
 */
export function processOutput(
  fd: number,
  lostLine: (lines: number) => string,
  system: OutputSystem = systemOf(fd),
): ProcessOutput {
  /** Lines that were not tried yet. */
  let waiting = '';
  /** Bytes of earlier lines that the destination did not take. */
  let left: Uint8Array | null = null;
  let state: 'open' | 'paused' | 'closed' = 'open';
  let isTimed = false;
  let lost = 0;

  /** Writes until the destination takes no more. @returns how long to wait before the next try; null: all is written */
  const tryAll = (): number | null => {
    for (;;) {
      if (left === null && waiting === '' && lost > 0) {
        waiting = lostLine(lost);
        lost = 0;
      }
      if (left === null && waiting === '') return null;
      const bytes: Uint8Array = left ?? Buffer.from(waiting);
      if (left === null) waiting = '';
      left = bytes;
      try {
        const taken = system.write(bytes);
        left = taken < bytes.length ? bytes.subarray(taken) : null;
        if (taken === 0) return slowReaderMs;
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (code === 'EPIPE') return close();
        return code === 'EAGAIN' || code === 'EBUSY' || code === 'EINTR' ? slowReaderMs : faultMs;
      }
    }
  };
  const close = (): null => {
    state = 'closed';
    waiting = '';
    left = null;
    return null;
  };
  const flush = () => {
    const waitMs = tryAll();
    if (waitMs === null) return;
    state = 'paused';
    system.later(resume, waitMs);
  };
  const resume = () => {
    if (state !== 'paused') return;
    state = 'open';
    flush();
  };
  const onTime = () => {
    isTimed = false;
    if (state === 'open') flush();
  };
  const hasRoom = (line: string, room: number) => {
    if (state === 'closed') return false;
    if (state === 'open' || waiting.length + (left?.length ?? 0) + line.length <= room) return true;
    lost += 1;
    return false;
  };

  return {
    write(line) {
      if (!hasRoom(line, maxWaiting)) return;
      waiting += line;
      if (state === 'open') flush();
    },
    writeSoon(line) {
      if (!hasRoom(line, maxWaiting - roomForOthers)) return;
      waiting += line;
      if (state !== 'open') return;
      if (waiting.length >= fullBatch) return flush();
      if (isTimed) return;
      isTimed = true;
      system.later(onTime, batchMs);
    },
    writeAll() {
      for (let tries = 0; tries < lastTries && state !== 'closed'; tries += 1) {
        const waitMs = tryAll();
        // A full disk does not get room within a second.
        if (waitMs !== slowReaderMs) return;
        system.pause(waitMs);
      }
    },
  };
}

function systemOf(fd: number): OutputSystem {
  return {
    write: (bytes) => writeSync(fd, bytes),
    later: (run, ms) => void setTimeout(run, ms).unref(),
    pause: (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
  };
}
