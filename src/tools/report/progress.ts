/** Shows how far long work is. */
export interface Progress {
  /** Replaces the text on the last line of the terminal. */
  show(text: string): void;
  /** Removes the text. Call it before other output. */
  end(): void;
}

/** The part of a terminal that progress needs. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** How much time passes before a text is replaced, in milliseconds. */
const intervalMs = 100;

/**
 * Makes the progress of a command on a stream for errors. It writes nothing if the stream is not a terminal.
 *
 * @param now - milliseconds since the epoch
 */
export function createProgress(stream: ProgressStream, now: () => number = Date.now): Progress {
  let shownAt = Number.NEGATIVE_INFINITY;
  let isShown = false;
  return {
    show(text) {
      if (!stream.isTTY || now() - shownAt < intervalMs) return;
      shownAt = now();
      isShown = true;
      stream.write(`\r\u001b[2K${text}`);
    },
    end() {
      if (isShown) stream.write('\r\u001b[2K');
      isShown = false;
    },
  };
}
