import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { LaneRequest } from '../lane/lane-request.ts';
import { statusOf } from '../../errors.ts';
import { unreadableBody } from './unreadable.ts';

/**
 * Whether a request has more than one `Host` line, or is of HTTP/1.1 and has none. A server must refuse these requests
 * (RFC 9112 §3.2), because a proxy in front of it may have read another line. Not checked: the value of `Host`.
 */
export function hasHostFault(request: IncomingMessage): boolean {
  const { host } = request.headers; // To read the headers finds a `Host` that repeats.
  if (host === undefined) return request.httpVersionMajor === 1 && request.httpVersionMinor === 1;
  return request instanceof LaneRequest && request.repeatsHost;
}

/**
 * Refuses requests with a wrong number of `Host` lines before all listeners of requests that the server has now. The
 * server must have the option `requireHostHeader: false`, because Node itself would answer without a body. An upgrade
 * gets here if `shouldUpgradeCallback` returns false. Like other malformed requests, these requests are not logged.
 */
export function refuseHostFaults(server: Server): void {
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (!hasHostFault(request)) {
      for (const listener of listeners) listener(request, response);
      return;
    }
    const body = unreadableBody('The request must have exactly one Host header (RFC 9112 §3.2)');
    response.writeHead(statusOf('BAD_REQUEST'), {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      connection: 'close',
    });
    response.end(body);
  });
}
