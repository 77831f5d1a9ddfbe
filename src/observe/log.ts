import { AsyncLocalStorage } from 'node:async_hooks';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { errorKinds } from '../errors.ts';
import { loggedFault } from './fault.ts';
import { readable } from './readable.ts';

export type { Logger };

const requests = new AsyncLocalStorage<string>();

/** Answers a request: every line that is logged meanwhile, by whomever, bears its ID. What it asks of ourselves is part of it. */
export function withRequestId(id: string, answer: () => void): void {
  requests.run(requests.getStore() ?? id, answer);
}

/** Members whose values are never written, wherever they stand in what is logged. */
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

/** One request, in members of which none can hold a secret: no redaction looks at them. */
export interface AccessLine {
  readonly method: string;
  /** The route's pattern, and never the path. */
  readonly route: string;
  /** Absent where the caller went away before the answer. */
  readonly answer?: { readonly status: number; readonly ms: number };
}

/** Writes the line of a request. */
export type AccessLog = (line: AccessLine) => void;

/** The server's log. */
export interface ServerLog {
  /** For everything but requests. Members that are named like a secret are redacted. */
  readonly log: Logger;
  readonly access: AccessLog;
}

/**
 * The server's log, on standard output: readable text on a terminal, elsewhere one JSON object a line.
 *
 * What callers send is not logged at all (no header, body, variable, query text or query string); the redaction behind
 * that is for what somebody logs by mistake. It searches every line for 51 paths, a third of what a small request costs, so the
 * line of a request is written without it, from known members.
 *
 * @param level of pino, or `silent`
 * @param output where it goes. Default: standard output
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
      // Member by member: what else an object may hold is not written.
      if (answer) plain.info({ method, route, status: answer.status, ms: answer.ms }, 'request');
      else plain.info({ method, route }, 'request aborted');
    },
  };
}

/** Redacts a value. The codes of our own errors stay: no authorization code is one of these words, and an operator needs them. */
function censor(value: unknown, path: readonly string[]): unknown {
  const isErrorCode = path.at(-1) === 'code' && typeof value === 'string' && Object.hasOwn(errorKinds, value);
  return isErrorCode ? value : '[redacted]';
}

/** Takes lines of the log. */
type LogOutput = DestinationStream;

function standardOutput(): LogOutput {
  if (!process.stdout.isTTY) return pino.destination(process.stdout.fd || 1);
  return { write: (line) => void process.stdout.write(readable(line)) };
}
