import type { RequestListener } from 'node:http';
import { addressMatcher } from '../../protocol/address-range.ts';
import { graphqlPath } from '../graphql/graphql.ts';
import { callerAddress } from '../headers/forwarded.ts';
import { acceptReader } from './accept-types.ts';
import { admissionFault } from './admission.ts';
import { Handling } from './handling.ts';
import { LaneRequest } from './lane-request.ts';
import type { LaneOutcome } from './outcomes.ts';
import type { LaneParts } from './parts.ts';

/**
 * Makes the listener of the server's requests with the lane. The lane answers a query or mutation whose document is known. Fastify
 * handles every other request, as without the lane.
 *
 * @param next - the listener of Fastify
 */
export function laneListener(parts: LaneParts, next: RequestListener): RequestListener {
  const { trustedProxies, maxBodyBytes, drain, count } = parts;
  const accepts = acceptReader();
  const isProxy = trustedProxies.length > 0 ? addressMatcher(trustedProxies) : null;
  let hasWarned = false;

  /** Takes a request. @returns the reason why Fastify must handle it, or null */
  const take: (...args: Parameters<RequestListener>) => LaneOutcome | null = (request, response) => {
    if (!(request instanceof LaneRequest)) return 'connection';
    const fault = admissionFault(request, maxBodyBytes);
    if (fault !== null) return fault;
    if (drain.isDraining) return 'draining';
    const type = accepts.typeOf(request.headers.accept);
    if (type === null) return 'accept';
    const { remoteAddress } = request.socket;
    if (remoteAddress === undefined) return 'aborted';
    const forwarded = request.headers['x-forwarded-for'];
    if (forwarded !== undefined && isProxy === null && !hasWarned) {
      hasWarned = true;
      return 'proxy';
    }
    const isProxied = isProxy?.(remoteAddress) === true;
    const address = isProxied && isProxy ? callerAddress(remoteAddress, forwarded?.toString(), isProxy) : remoteAddress;
    new Handling(parts, { request, response, next, type, address, isProxied }).begin();
    return null;
  };

  return (request, response) => {
    const { url = '' } = request;
    if (url !== graphqlPath) {
      if (url.startsWith(`${graphqlPath}?`)) count('target');
      return next(request, response);
    }
    const reason = take(request, response);
    if (reason === null) return;
    count(reason);
    next(request, response);
  };
}

/** Makes a listener of requests without the lane. It counts the requests to `/graphql`. */
export function countedListener(
  reason: 'off' | 'tracing' | 'pipelined',
  count: LaneParts['count'],
  next: RequestListener,
): RequestListener {
  return (request, response) => {
    const { url = '' } = request;
    if (url === graphqlPath || url.startsWith(`${graphqlPath}?`)) count(reason);
    next(request, response);
  };
}
