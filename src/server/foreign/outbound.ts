import http from 'node:http';
import type { Config } from '../../config.ts';
import { shown } from '../../protocol/shown.ts';
import {
  type OutboundProxies,
  type OutboundProxy,
  outboundProxies,
  proxyFaults,
} from '../../config/environment/proxies.ts';
import { isThisDevice } from '../../protocol/url.ts';

type Fetch = typeof globalThis.fetch;

/** The error of a failed connection to an issuer. The message says what the operator can do. It holds no password. */
class Unconnected extends Error {
  override readonly name = 'Unconnected';
  /**
   * The code of the cause, and the variable that the operator may have to change. It is for logs that show only codes.
   */
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** The global symbol under which Node stores the dispatcher of `fetch`. */
const dispatcherKey = Symbol.for('undici.globalDispatcher.1');

/** Codes of certificates that no authority known to Node has signed. */
const untrusted: ReadonlySet<string> = new Set([
  // The certificate names a known authority, but the key of this authority has not signed it.
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * Makes a `fetch` for foreign issuers. It uses the proxy of the environment, but never for addresses of this machine.
 * The global `fetch` is not changed. To use the proxy in a team's modules too, the team can set `NODE_USE_ENV_PROXY=1`.
 */
export function outboundFetch({ https, exceptions, authorities }: OutboundProxies): Fetch {
  const direct = https && dispatcherFor(https, '*');
  const proxied = https && dispatcherFor(https, exceptions);
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const dispatcher = isThisDevice(url.hostname) ? direct : proxied;
    const usedProxy = https && dispatcher === proxied && !isException(url, exceptions) ? https : null;
    try {
      // Node's `init` has the member `dispatcher`, but its types do not.
      return await fetch(input, { ...init, ...(dispatcher !== null && { dispatcher }) } as RequestInit);
    } catch (error) {
      throw explained(url, usedProxy, authorities, error);
    }
  };
}

/**
 * Finds the faults of the proxy settings. Without foreign issuers and connections, no proxy is used, and the settings
 * are not checked.
 */
export function outboundFaults(
  { issuer, issuers, connections }: Pick<Config, 'issuer' | 'issuers' | 'connections'>,
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  if (issuer === undefined && issuers.length === 0 && connections.length === 0) return [];
  const { https } = outboundProxies(environment);
  const missing = https && !hasProxySupport(environment) ? [unsupported(https)] : [];
  return [...proxyFaults(environment), ...missing];
}

function unsupported({ variable }: OutboundProxy): string {
  return `${variable}: expected a version of Node that can use a proxy for some requests (24.21 can), and this is ${process.versions.node}; or set NODE_USE_ENV_PROXY=1 and NO_PROXY=localhost,127.0.0.1,[::1] beside it`;
}

function hasProxySupport(environment: Readonly<Record<string, string | undefined>>): boolean {
  return environment['NODE_USE_ENV_PROXY'] === '1' || typeof Reflect.get(http, 'setGlobalProxyFromEnv') === 'function';
}

/**
 * Creates a dispatcher that sends requests through a proxy. Node can do this only by replacing the global dispatcher.
 * Therefore this function restores the global dispatcher afterwards. Only the requests of this server use the new
 * dispatcher.
 *
 * @returns null if this version of Node cannot create one
 */
function dispatcherFor({ url }: OutboundProxy, exceptions: string): object | null {
  const set: unknown = Reflect.get(http, 'setGlobalProxyFromEnv');
  if (typeof set !== 'function') return null;
  const restore: unknown = set({ https_proxy: url, no_proxy: exceptions });
  try {
    const dispatcher: unknown = Reflect.get(globalThis, dispatcherKey);
    return typeof dispatcher === 'object' ? dispatcher : null;
  } finally {
    if (typeof restore === 'function') restore();
  }
}

/**
 * Whether `NO_PROXY` names a host. The result is only for messages, because Node's dispatcher decides by its own rules.
 */
function isException({ hostname, port }: URL, exceptions: string): boolean {
  return exceptions.split(/[\s,]+/).some((entry) => {
    const [, name = '', only] = /^(.+?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (name === '' || (only !== undefined && only !== (port || '443'))) return false;
    return (
      name === '*' ||
      hostname === name.replace(/^\*?\./, '') ||
      (/^[*.]/.test(name) && hostname.endsWith(name.replace(/^\*/, '')))
    );
  });
}

/**
 * Describes the fault of a certificate, and says what to do.
 *
 * @returns null if the code is not about a certificate
 */
function certificateFault(code: string, authorities: string | null): string | null {
  if (untrusted.has(code)) {
    const advice =
      authorities === null
        ? "set NODE_EXTRA_CA_CERTS to the path of the authority's certificate in PEM form"
        : `add the authority's certificate in PEM form to NODE_EXTRA_CA_CERTS=${shown(authorities)}`;
    return `of an authority that is not known here (${code}): ${advice}, and restart`;
  }
  if (code === 'CERT_HAS_EXPIRED')
    return `that has expired (${code}): expected one that is valid, and the right time on this machine`;
  if (code === 'CERT_NOT_YET_VALID') return `that is not valid yet (${code}): expected the right time on this machine`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `for another host name (${code}): expected the name in the URL among its names`;
  return null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

function explained(url: URL, proxy: OutboundProxy | null, authorities: string | null, error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return error;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
  const certificate = certificateFault(code, authorities);
  if (certificate !== null) {
    // The error does not say whether the issuer or the proxy has the certificate.
    const whose = proxy?.shown.startsWith('https:')
      ? `${url.host}, or the proxy ${proxy.shown} of ${proxy.variable},`
      : url.host;
    const variable = untrusted.has(code) ? ' (NODE_EXTRA_CA_CERTS does not name its authority)' : '';
    return new Unconnected(`${whose} has a certificate ${certificate}`, `${code}${variable}`);
  }
  if (!proxy) return error;
  // Node reports the answer of the proxy in the cause of the cause.
  const status = /^Proxy response \((\d{3})\)/.exec(messageOf(cause.cause ?? cause))?.[1];
  const reason = status === undefined ? code : `it answered ${status}`;
  const advice =
    status === '407' || status === '401' ? `: expected a user and a password that it knows in ${proxy.variable}` : '';
  return new Unconnected(
    `${url.host} was not reached through the proxy ${proxy.shown} of ${proxy.variable} (${reason})${advice}; NO_PROXY names hosts that are reached without it`,
    `${status === undefined ? code : 'PROXY_REFUSED'} (${reason}, through ${proxy.variable})`,
  );
}
