/** The members of an error that the log writes. */
export interface LoggedFault {
  /** The name of the error's class. If the value is not an error, its type. */
  readonly type: string;
  readonly message: string;
  readonly stack: string;
}

/** The largest number of causes that are written with an error. */
const maxCauses = 5;

/**
 * Returns the members of an error that are logged. Other properties are left out, because libraries store requests,
 * responses and tokens in them. This function does not change the error, because the error may be frozen. It never
 * throws, even if a getter of the error throws.
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
