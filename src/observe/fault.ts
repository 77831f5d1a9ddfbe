/** An error as the log writes it. */
export interface LoggedFault {
  /** The name of its class, or of its type where it is no error. */
  readonly type: string;
  readonly message: string;
  readonly stack: string;
}

/** Causes that are written with an error. */
const mostCauses = 5;

/**
 * Makes the members of an error that are logged: without its own properties, in which libraries keep requests, responses and tokens.
 * It changes nothing about the error, which can be frozen, and it never throws: an author's error can have members that do.
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
  for (let last = error; last instanceof Error && last.cause instanceof Error && chain.length <= mostCauses; ) {
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
