import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Whether proxies forward an address or a host in this header. @param name - in lower case */
export function isForwarded(name: string): boolean {
  return name === 'forwarded' || name.startsWith('x-forwarded-');
}

/**
 * Logs one warning if a proxy seems to forward requests although no proxy is trusted. All callers then have the proxy's
 * address and share the limits on guessing.
 */
export function warnOfProxy(app: FastifyInstance): void {
  let warned = false;
  app.addHook('onRequest', (request, _reply, done) => {
    if (!warned && request.headers['x-forwarded-for'] !== undefined) {
      warned = true;
      request.log.warn(
        'X-Forwarded-For is not believed: if a proxy of yours sends it, name it in CLAIMGATE_TRUSTED_PROXIES',
      );
    }
    done();
  });
}

/**
 * Replaces the host and scheme of each request with the host and scheme of the public URL. The server and its libraries
 * see no other `Host`.
 *
 * A request may have no `Host` (HTTP/1.0, health checks of load balancers) or a malformed one. Libraries that build a
 * URL from it would throw. `X-Forwarded-For` stays, because it holds the caller's address.
 */
export function nameOwnHost(app: FastifyInstance, publicUrl: string): void {
  const { host, protocol } = new URL(publicUrl);
  const scheme = protocol.slice(0, -1);
  app.addHook('onRequest', ({ raw: { headers } }, _reply, done) => {
    for (const name of Object.keys(headers)) {
      if (isForwarded(name) && name !== 'x-forwarded-for') delete headers[name];
    }
    headers.host = host;
    headers['x-forwarded-proto'] = scheme;
    done();
  });
}

/**
 * Replaces `X-Forwarded-For` with the result of `forwardedAddresses`. Removes the header if there is no address. This
 * hook must be added before every hook that reads the caller's address.
 */
export function readForwardedFor(app: FastifyInstance): void {
  app.addHook('onRequest', ({ raw: { headers } }, _reply, done) => {
    const header = headers['x-forwarded-for'];
    const addresses = header === undefined ? [] : forwardedAddresses(String(header));
    if (addresses.length > 0) headers['x-forwarded-for'] = addresses.join(', ');
    else if (header !== undefined) delete headers['x-forwarded-for'];
    done();
  });
}

/**
 * Reads the addresses in a value of `X-Forwarded-For`, in the order of the value. Ports, brackets, quotation marks and
 * zones are removed.
 *
 * Each proxy appends the address of its caller. A proxy that does not know this address appends `unknown`, an
 * identifier of its own, or nothing. The caller may have invented every entry before this entry. Therefore the list
 * begins after the last entry that is not an address. The proxy that appended this entry counts as the caller.
 */
export function forwardedAddresses(header: string): string[] {
  const addresses: string[] = [];
  for (const part of header.split(',').reverse()) {
    const address = addressOf(part.trim());
    if (address === null) break;
    addresses.push(address);
  }
  return addresses.reverse();
}

/**
 * Finds the caller's address behind trusted proxies, as Fastify's `trustProxy` does: the first address that does not
 * belong to a trusted proxy, from the server's side.
 *
 * @param peer - the address of the socket
 * @param header - `X-Forwarded-For`. Undefined: the request has none
 * @param isProxy - whether an address belongs to a trusted proxy
 */
export function callerAddress(peer: string, header: string | undefined, isProxy: (address: string) => boolean): string {
  if (header === undefined || !isProxy(peer)) return peer;
  const addresses = forwardedAddresses(header);
  return addresses.findLast((address) => !isProxy(address)) ?? addresses[0] ?? peer;
}

/**
 * Reads one entry: `10.1.2.3`, `10.1.2.3:8080`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:443`. Quotation marks
 * around the entry are ignored. Null for any other text.
 */
function addressOf(part: string): string | null {
  const text = /^"([^"]*)"$/.exec(part)?.[1] ?? part;
  const bare =
    /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(text)?.[1] ?? text;
  // A zone (RFC 4007 §11) is valid only on the proxy's own machine.
  const [address = ''] = bare.split('%');
  return isIP(address) === 0 ? null : address;
}
