import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Whether a header, by its name in lower case, says for whom or for which host somebody speaks. */
export function isForwarded(name: string): boolean {
  return name === 'forwarded' || name.startsWith('x-forwarded-');
}

/**
 * Tells once, in the log, that a proxy seems to stand before a server that trusts none: then all callers have one address, and
 * count as one where guessing is slowed.
 */
export function warnOfProxy(app: FastifyInstance): void {
  let warned = false;
  app.addHook('onRequest', async (request) => {
    if (warned || request.headers['x-forwarded-for'] === undefined) return;
    warned = true;
    request.log.warn(
      'X-Forwarded-For is not believed: if a proxy of yours sends it, name it in CLAIMGATE_TRUSTED_PROXIES',
    );
  });
}

/**
 * Replaces what a request says of our own address with the public URL's: the server, and every library in it, sees no other `Host`.
 *
 * The caller's `Host` and what proxies say of theirs may be absent (HTTP/1.0, health checks of load balancers) or no host name, and
 * libraries that build a URL from it throw. `X-Forwarded-For` stays: it is read for the caller's address.
 */
export function nameOwnHost(app: FastifyInstance, publicUrl: string): void {
  const { host, protocol } = new URL(publicUrl);
  app.addHook('onRequest', async ({ raw: { headers } }) => {
    for (const name of Object.keys(headers)) {
      if (isForwarded(name) && name !== 'x-forwarded-for') delete headers[name];
    }
    headers.host = host;
    headers['x-forwarded-proto'] = protocol.slice(0, -1);
  });
}

/** Lets what asks for the caller's address find addresses alone in `X-Forwarded-For`. Before everything that asks. */
export function readForwardedFor(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ raw: { headers } }) => {
    const header = headers['x-forwarded-for'];
    if (header === undefined) return;
    const addresses = forwardedAddresses(String(header));
    if (addresses.length > 0) headers['x-forwarded-for'] = addresses.join(', ');
    else delete headers['x-forwarded-for'];
  });
}

/**
 * The addresses in a value of `X-Forwarded-For`, in its order, without ports, brackets, quotation marks and zones.
 *
 * Each proxy adds at the end what it knows of its caller. Where one did not know an address (`unknown`, an identifier it made
 * up, nothing), everything before that is the caller's own word, so the list begins after it: the caller counts as that proxy.
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

/** The forms in use: `10.1.2.3`, `10.1.2.3:8080`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:443`, each perhaps in quotation marks. */
function addressOf(part: string): string | null {
  const text = /^"([^"]*)"$/.exec(part)?.[1] ?? part;
  const bare =
    /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(text)?.[1] ?? text;
  // A zone (RFC 4007 §11) means something on the proxy's own machine alone.
  const [address = ''] = bare.split('%');
  return isIP(address) === 0 ? null : address;
}
