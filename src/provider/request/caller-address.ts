import type { IncomingMessage } from 'node:http';

/** The caller's network address. Whoever mounts the authorization server overwrites the header with it: nobody else can say it. */
export function callerAddress({ headers, socket }: IncomingMessage): string {
  const told = headers['x-forwarded-for'];
  return (typeof told === 'string' ? told : socket.remoteAddress) ?? '';
}
