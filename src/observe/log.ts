import { AsyncLocalStorage } from 'node:async_hooks';
import { type Logger, pino, stdSerializers } from 'pino';

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

/**
 * The server's log: one JSON object a line, on standard output.
 *
 * What callers send is not logged at all (no header, body, variable, query text or query string); the redaction behind
 * that is for what somebody logs by mistake.
 *
 * @param level of pino, or `silent`
 */
export function createLogger(level: string): Logger {
  return pino({
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
      censor: '[redacted]',
    },
    serializers: { err: fault },
  });
}

/** An error without its own properties, in which libraries keep requests, responses and tokens. */
function fault(error: Error): { type: string; message: string; stack: string } {
  const { type, message, stack } = stdSerializers.err(error);
  return { type, message, stack };
}
