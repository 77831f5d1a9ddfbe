import type { IncomingMessage } from 'node:http';

/**
 * Returns the caller's network address; an empty string if the connection is closed.
 *
 * The header can be trusted. The server overwrites `X-Forwarded-For` in each request with the caller's address.
 */
export function callerAddress({ headers, socket }: IncomingMessage): string {
  const forwardedFor = headers['x-forwarded-for'];
  return (typeof forwardedFor === 'string' ? forwardedFor : socket.remoteAddress) ?? '';
}
