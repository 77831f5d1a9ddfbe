/** The members of an error that the log writes. */
export interface LoggedFault {
  /** The name of its class. For a value that is not an error: its type. */
  readonly type: string;
  readonly message: string;
  readonly stack: string;
}

/** How many causes are written with an error. */
const maxCauses = 5;

/**
 * Returns the members of an error that are logged. Leaves out its other properties, in which libraries store requests, responses and
 * tokens. Does not change the error, which may be frozen. Never throws, although members of a module's own error can.
 */
export function loggedFault(error: unknown): LoggedFault {
  try {
    const chain = causesOf(error);
    return {
      type: error instanceof Error ? error.constructor.name : typeof error,
      message: chain.map(messageOf).join(': '),
      stack: chain.map(stackOf).join('\ncaused by: '),
    };
  } catch {
    return { type: 'unknown', message: 'an error whose members cannot be read', stack: '' };
  }
}

function causesOf(error: unknown): readonly unknown[] {
  const chain = [error];
  for (let last = error; last instanceof Error && last.cause instanceof Error && chain.length <= maxCauses; ) {
    last = last.cause;
    chain.push(last);
  }
  return chain;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? '') : '';
}
