import { AsyncLocalStorage } from 'node:async_hooks';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { errorKinds } from '../errors.ts';
import { loggedFault } from './fault.ts';
import { readableLine } from './readable.ts';

export type { Logger };

const requests = new AsyncLocalStorage<string>();

/**
 * Runs the handler of a request. Each line that the handler logs has the ID of the request. If the handler sends a
 * request to this server, the lines of the inner request have the ID of the outer request.
 */
export function withRequestId(id: string, answer: () => void): void {
  requests.run(requests.getStore() ?? id, answer);
}

/**
 * The names of members whose values are never written. The log searches the first three levels of a logged object for
 * these names.
 */
const secrets = [
  'authorization',
  'cookie',
  'set-cookie',
  'dpop',
  'password',
  'client_secret',
  'clientSecret',
  'code',
  'code_verifier',
  'codeVerifier',
  'access_token',
  'accessToken',
  'refresh_token',
  'refreshToken',
  'id_token',
  'idToken',
  'token',
];

/** The log line of one request. It is written without redaction, because its members cannot hold a secret. */
export interface AccessLine {
  readonly method: string;
  /** The pattern of the route, never the path. */
  readonly route: string;
  /** Absent if the caller disconnected before the answer. */
  readonly answer?: { readonly status: number; readonly ms: number };
}

/** Writes the line of a request. */
export type AccessLog = (line: AccessLine) => void;

/** The server's log. */
export interface ServerLog {
  /** The log for everything except the access lines. Members with the name of a secret are redacted. */
  readonly log: Logger;
  readonly access: AccessLog;
}

/**
 * Makes the server's log. It writes readable text on a terminal, and otherwise one JSON object on each line.
 *
 * The server logs nothing that callers send: no header, body, variable, query text or query string. Redaction is for
 * values that code logs by mistake. It searches a line for 51 paths. This search takes a third of the time of a small
 * request. Therefore the access line of a request is written without redaction, from known members only.
 *
 * @param level - a level of pino, or `silent`
 * @param output - the destination of the lines. Default: standard output
 */
export function createLogger(level: string, output: LogOutput = standardOutput()): ServerLog {
  const common: LoggerOptions = {
    level,
    base: null,
    mixin: () => {
      const reqId = requests.getStore();
      return reqId === undefined ? {} : { reqId };
    },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
  };
  const log = pino(
    {
      ...common,
      redact: {
        paths: secrets.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
        censor,
      },
      serializers: { err: loggedFault },
    },
    output,
  );
  const plain = pino(common, output);
  return {
    log,
    access({ method, route, answer }) {
      // Each member is named here. Other members of the object are never written.
      if (answer) plain.info({ method, route, status: answer.status, ms: answer.ms }, 'request');
      else plain.info({ method, route }, 'request aborted');
    },
  };
}

/**
 * Redacts a value, except an error code of this server. Operators need error codes. No authorization code can equal an
 * error code.
 */
function censor(value: unknown, path: readonly string[]): unknown {
  const isErrorCode = path.at(-1) === 'code' && typeof value === 'string' && Object.hasOwn(errorKinds, value);
  return isErrorCode ? value : '[redacted]';
}

/** The destination of log lines. */
type LogOutput = DestinationStream;

function standardOutput(): LogOutput {
  if (!process.stdout.isTTY) return pino.destination(process.stdout.fd || 1);
  return { write: (line) => void process.stdout.write(readableLine(line)) };
}
