import { byRequest } from './counts/by-request.ts';
import { flatText } from './flat-text.ts';

/** The log line of one request. */
export interface AccessLine {
  readonly method: string;
  /** The pattern of the route, never the path. */
  readonly route: string;
  /** The ID of the request, a UUID that this server has made. Default: that of the async context. */
  readonly id?: string;
  /** The time of the line, in milliseconds since the epoch. Default: now. */
  readonly at?: number;
  /** Absent if the caller disconnected before the answer. */
  readonly answer?: { readonly status: number; readonly ms: number };
}

/** Writes the line of a request. */
export type AccessLog = (line: AccessLine) => void;

/**
 * The largest number of combinations of route, method and status whose text is kept. Routes are patterns, but Node
 * accepts many methods.
 */
const maxKnown = 1_000;

/**
 * Makes the log of requests. The lines are the lines that pino would write, byte for byte. They are made from known
 * members only and without redaction, because these members cannot hold a secret.
 *
 * @param write - writes one line
 * @param requestId - returns the ID of the request of the async context
 */
export function accessLog(write: (line: string) => void, requestId: () => string | undefined): AccessLog {
  /** The members of a line between the ID and the duration. */
  const membersOf = byRequest(
    (route, method, status) => flatText(`${membersBefore(method, route)},"status":${status},"ms":`),
    maxKnown,
  );
  return ({ method, route, id = requestId(), at = Date.now(), answer }) => {
    // Each member is named here. Other members of the object are never written.
    const head = id === undefined ? lineStart(at) : `${lineStart(at)},"reqId":"${id}"`;
    if (answer) write(`${head}${membersOf(route, method, answer.status)}${answer.ms},"msg":"request"}\n`);
    else write(`${head}${membersBefore(method, route)},"msg":"request aborted"}\n`);
  };
}

function membersBefore(method: string, route: string): string {
  return `,"method":${JSON.stringify(method)},"route":${JSON.stringify(route)}`;
}

let lastTime = 0;
let lastStart = '';

/** Returns the first members of a line. The lines of one millisecond share their text. */
function lineStart(at: number): string {
  if (at !== lastTime) {
    lastTime = at;
    lastStart = flatText(`{"level":"info","time":"${new Date(at).toISOString()}"`);
  }
  return lastStart;
}
