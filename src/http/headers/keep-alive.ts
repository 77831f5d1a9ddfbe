import { BlockList, isIP, Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * How long an idle connection stays open. A proxy must close its connection before the server does. If the proxy sends
 * a request while the server is closing the connection, the proxy gets no answer and answers 502 itself. Proxies wait
 * for 60 s (nginx, AWS), 90 s (Traefik), 120 s (Caddy) or 600 s (Google Cloud). The server closes connections that come
 * directly from callers earlier.
 */
export const idleTimeoutMs = { ofCallers: 72_000, ofProxies: 620_000 } as const;

/** How much longer Node waits than the `Keep-Alive` header says. The client starts its clock later than the server. */
const bufferMs = 1_000;

/**
 * Keeps connections of trusted proxies open for `idleTimeoutMs.ofProxies`. All other connections keep the timeout of
 * the server, `idleTimeoutMs.ofCallers`. A caller that connects directly, without the proxy, also has this shorter
 * timeout.
 *
 * @param trustedProxies addresses, ranges in CIDR notation, and ranges by name, as Fastify's `trustProxy` takes them
 */
export function keepProxyConnections(app: FastifyInstance, trustedProxies: readonly string[]): void {
  const isProxy = addressMatcher(trustedProxies);
  app.addHook('onRequest', async ({ raw: { socket } }, { raw }) => {
    // A request within the process has no socket.
    if (!(socket instanceof Socket) || !isProxy(socket.remoteAddress ?? '')) return;
    if (raw.shouldKeepAlive && !raw.hasHeader('connection')) {
      raw.setHeader('keep-alive', `timeout=${idleTimeoutMs.ofProxies / 1_000}`);
    }
    // Node has just set its own timeout. If a pipelined request follows on the connection, Node has set none.
    raw.once('finish', () => {
      if (socket.timeout) socket.setTimeout(idleTimeoutMs.ofProxies + bufferMs);
    });
  });
}

/** The ranges that Fastify's `trustProxy` knows by name. */
const namedRanges: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/**
 * Makes a function that returns whether an address is in one of the ranges. An IPv4 address in the form of IPv6 is also
 * found.
 */
function addressMatcher(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of ranges.flatMap((name) => namedRanges[name] ?? [name])) {
    const [address = '', prefix] = range.split('/');
    const version = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(address, version);
    else list.addSubnet(address, Number(prefix), version);
  }
  return (text) => {
    // A link-local address has a zone (RFC 4007 §11).
    const [address = ''] = text.split('%');
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
}
