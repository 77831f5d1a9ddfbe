import type { IncomingMessage, RequestListener } from 'node:http';
import { statusOf } from '../../errors.ts';
import { Given } from '../../protocol/stamps.ts';
import { LaneRequest } from '../lane/lane-request.ts';
import { unreadableBody } from './unreadable.ts';

/** The mark of a connection on which the server has refused a request. */
class Refused extends Given {
  #isRefused = true;

  static has(socket: object): boolean {
    return #isRefused in socket && socket.#isRefused;
  }
}

/**
 * Whether the server must not answer a request, or an earlier request of its connection. A request must have exactly one
 * `Host` line, but a request of HTTP/1.0 may have none (RFC 9112 §3.2). A proxy in front of the server may have read
 * another line than the server. After such a request, the server handles no request of the connection (RFC 9112 §9.6).
 *
 * Not checked: the value of `Host`.
 */
export function isRefused(request: IncomingMessage): boolean {
  return Refused.has(request.socket) || hasHostFault(request);
}

function hasHostFault(request: IncomingMessage): boolean {
  const { host } = request.headers; // Reading `headers` sets `repeatsHost`.
  if (host === undefined) return request.httpVersionMajor === 1 && request.httpVersionMinor === 1;
  return request instanceof LaneRequest && request.repeatsHost;
}

/**
 * Makes a listener that refuses requests with a wrong number of `Host` lines, and gives all others to a listener. The
 * server must have the option `requireHostHeader: false`, because Node itself would answer without a body. It must not
 * upgrade a request for which `isRefused` is true. Like other malformed requests, these requests are not logged.
 */
export function refuseHostFaults(listener: RequestListener): RequestListener {
  return (request, response) => {
    if (!isRefused(request)) return listener(request, response);
    if (Refused.has(request.socket)) return; // The connection ends after the refusal.
    // oxlint-disable-next-line no-new -- the constructor marks the connection
    new Refused(request.socket);
    const body = unreadableBody('The request must have exactly one Host header (RFC 9112 §3.2)');
    response.writeHead(statusOf('BAD_REQUEST'), {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      connection: 'close',
    });
    response.end(body);
  };
}
