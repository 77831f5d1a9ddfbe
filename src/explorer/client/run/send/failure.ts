/** Why a request has no GraphQL answer, for people. */
export interface Failure {
  readonly kind: 'unreachable' | 'stopped' | 'not-graphql' | 'too-large' | 'caller';
  /** What was found. */
  readonly message: string;
  /** What to do. */
  readonly advice: string;
}

const meanings: Readonly<Record<number, string>> = {
  400: 'The server did not accept the request.',
  401: 'The server did not accept the access token.',
  403: 'The server refused the request.',
  404: 'The address has no GraphQL API.',
  405: 'The address does not accept POST.',
  408: 'The request did not arrive in time.',
  413: 'The operation and its variables are too large for the server.',
  415: 'The server does not accept the media type of the request.',
  429: 'The server received too many requests.',
  431: 'The headers of the request are too large. The access token is a part of them.',
  500: 'The server has a fault.',
  502: 'A proxy got no usable answer from the server.',
  503: 'The server cannot answer at present.',
  504: 'A proxy got no answer from the server in time.',
};

const advice: Readonly<Record<number, string>> = {
  413: 'Send less, or set CLAIMGATE_MAX_BODY_BYTES on the server.',
  404: 'Check the address of the server.',
  500: 'Search the log of the server for the request ID.',
};

/** Describes an HTTP answer that is not a GraphQL answer. */
export function notGraphQL(status: number, retryAfter: string | null, now: number): Failure {
  const wait = waitText(retryAfter, now);
  const meaning =
    meanings[status] ?? (status >= 500 ? 'The server cannot answer.' : 'The answer is not a GraphQL answer.');
  return {
    kind: 'not-graphql',
    message: `HTTP ${status}. ${meaning}`,
    advice:
      wait ??
      advice[status] ??
      (status >= 502 ? 'Try again.' : 'Check the address, and a proxy in front of the server.'),
  };
}

/** Describes a request that got no answer. */
export function unreachable(): Failure {
  return {
    kind: 'unreachable',
    message: 'The server did not answer.',
    advice: 'Check that the server runs and that this computer reaches it, then run the operation again.',
  };
}

/** Describes a request that the person stopped. @param kind - the kind of the operation */
export function stopped(kind: string): Failure {
  const advice =
    kind === 'mutation' ? 'The mutation may have run on the server.' : 'Run it again when you need the answer.';
  return { kind: 'stopped', message: 'You stopped the operation.', advice };
}

/** Describes an answer that is larger than the bound. */
export function tooLarge(maxBytes: number): Failure {
  return {
    kind: 'too-large',
    message: `The answer has more than ${Math.round(maxBytes / 1_048_576)} MiB.`,
    advice: 'Select fewer fields or smaller pages.',
  };
}

/** Describes a caller whose token could not be renewed. @param reason - the sentence of the caller */
export function callerEnded(reason: string): Failure {
  return {
    kind: 'caller',
    message: reason,
    advice: 'Sign in again in the list of callers. The operation stays as it is.',
  };
}

/** Reads `Retry-After` (RFC 9110 §10.2.3): seconds, or a date. */
export function waitText(retryAfter: string | null, now: number): string | null {
  if (retryAfter === null) return null;
  const seconds = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) : Math.ceil((Date.parse(retryAfter) - now) / 1_000);
  if (!Number.isFinite(seconds) || seconds < 0) return null;
  return seconds <= 1 ? 'Try again in a second.' : `Try again in ${seconds} s.`;
}
