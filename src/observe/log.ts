import { AsyncLocalStorage } from 'node:async_hooks';
import { type DestinationStream, type Logger, pino } from 'pino';
import { errorKinds } from '../errors.ts';
import { type AccessLog, accessLog } from './access.ts';
import { loggedFault } from './fault.ts';
import { type LogOutput, type ProcessOutput, processOutput } from './output.ts';
import { readableLine } from './readable.ts';

export type { AccessLog, Logger };

const requests = new AsyncLocalStorage<string>();

/**
 * Runs the handler of a request from the network. Each line that the handler logs has the ID of the request.
 *
 * The present async context does not count. It can belong to an earlier request of the connection: the server stops
 * reading while a client does not read its answers, and continues in the context of an answer.
 */
export function withRequestId<Values extends readonly unknown[]>(
  id: string,
  answer: (...values: Values) => void,
  ...values: Values
): void {
  requests.run(id, answer, ...values);
}

/**
 * Does the work of `withRequestId` for all code that runs until the present callback of Node returns, and for what this
 * code starts. Call it only in a callback that handles nothing else. It takes a third of the time of `withRequestId`,
 * which restores the context of its caller.
 */
export function enterRequestId(id: string): void {
  requests.enterWith(id);
}

/**
 * Runs the handler of a request that this server has sent to itself. The lines have the ID of the outer request.
 *
 * @param id - the ID of the lines if there is no outer request
 */
export function withOuterRequestId(id: string, answer: () => void): void {
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
 * request. Therefore the access line of a request is written without redaction, from known members only. Access lines
 * are written together (`output.ts`), but on a terminal each line is written at once.
 *
 * @param level - a level of pino, or `silent`
 * @param output - the destination of the lines. Default: standard output
 */
export function createLogger(level: string, output: DestinationStream | LogOutput = standardOutput()): ServerLog {
  const log = pino(
    {
      level,
      base: null,
      mixin: () => {
        const reqId = requests.getStore();
        return reqId === undefined ? {} : { reqId };
      },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: secrets.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
        censor,
      },
      serializers: { err: loggedFault },
    },
    output,
  );
  const write = (line: string) => ('writeSoon' in output ? output.writeSoon(line) : output.write(line));
  return {
    log,
    access: log.isLevelEnabled('info') ? accessLog(write, () => requests.getStore()) : () => {},
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

/** The destination of all logs of this process. It is made at its first use. */
let ofProcess: ProcessOutput | undefined;

function standardOutput(): DestinationStream | LogOutput {
  if (process.stdout.isTTY) return { write: (line) => void process.stdout.write(readableLine(line)) };
  if (!ofProcess) {
    const output = processOutput(process.stdout.fd || 1, lostLine);
    // Also emitted at `process.exit`, an uncaught exception and an unhandled rejection.
    process.on('exit', () => output.writeAll());
    ofProcess = output;
  }
  return ofProcess;
}

function lostLine(lines: number): string {
  const members = { level: 'warn', time: new Date().toISOString(), lines };
  return `${JSON.stringify({ ...members, msg: 'lines of the log were lost, because standard output did not take them' })}\n`;
}
