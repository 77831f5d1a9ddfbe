import { existsSync, readFileSync } from 'node:fs';
import { shown } from '../../protocol/shown.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy for requests of one scheme. */
export interface OutboundProxy {
  /** The variable that names the proxy. */
  readonly variable: string;
  /** The URL of the proxy, with the password. It is never printed. */
  readonly url: string;
  /** The URL of the proxy for messages, without user and password. */
  readonly shown: string;
}

/**
 * The proxies in the environment variables that curl and other programs also read. A lower-case variable takes
 * precedence.
 */
export interface OutboundProxies {
  readonly https: OutboundProxy | null;
  /** Hosts that are reached without a proxy, with commas or spaces between. */
  readonly exceptions: string;
  /**
   * The path in `NODE_EXTRA_CA_CERTS`: a file with further certificate authorities that Node.js trusts. Null: the
   * variable is not set.
   */
  readonly authorities: string | null;
}

/** Reads the proxies. A proxy with a fault is left out: `proxyFaults` reports it. */
export function outboundProxies(environment: Environment): OutboundProxies {
  // Only the proxy for https is needed, because an issuer on another machine has an https URL.
  const variable = httpsVariable(environment);
  const url = variable === undefined ? null : proxyUrl(environment[variable] ?? '');
  const [exceptions = ''] = namesOf('no_proxy').flatMap((name) => environment[name] || []);
  return {
    https: variable !== undefined && url ? { variable, url: url.href, shown: url.origin } : null,
    exceptions,
    authorities: environment['NODE_EXTRA_CA_CERTS'] || null,
  };
}

/**
 * Yields the faults of the variables for proxies and certificate authorities. A fault does not repeat the URL of a
 * proxy, because it can contain a password.
 */
export function* proxyFaults(environment: Environment): Iterable<string> {
  const used = httpsVariable(environment);
  // If HTTPS_PROXY is set, ALL_PROXY is not used here. It may name a SOCKS proxy for other programs.
  for (const name of new Set([...namesOf('https_proxy'), ...(used === undefined ? [] : [used])])) {
    const value = environment[name]?.trim();
    if (!value || proxyUrl(value) !== null) continue;
    const [, scheme = ''] = /^(socks\w{0,3}):/i.exec(value) ?? [];
    const found = scheme && `; SOCKS proxies (${scheme.toLowerCase()}) are not supported`;
    yield `${name}: expected a proxy such as http://proxy.example.com:3128 or http://user:password@proxy.example.com:3128, with @ / # ? % of a password percent-encoded${found}`;
  }
  const { NODE_EXTRA_CA_CERTS: path } = environment;
  if (path && !holdsCertificates(path)) {
    yield `NODE_EXTRA_CA_CERTS=${shown(path)}: expected the path of a file with certificates in PEM form (-----BEGIN CERTIFICATE-----)`;
  }
}

/**
 * Returns the name of the variable with the proxy for https URLs. As in curl, this is `ALL_PROXY` if `HTTPS_PROXY` is
 * not set.
 */
function httpsVariable(environment: Environment): string | undefined {
  return [...namesOf('https_proxy'), ...namesOf('all_proxy')].find((name) => environment[name]?.trim());
}

function namesOf(name: string): readonly string[] {
  return [name, name.toUpperCase()];
}

/** Parses the URL of a proxy. As in other programs, `proxy:3128` means `http://proxy:3128`. */
function proxyUrl(value: string): URL | null {
  const text = value.trim();
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  const known = url?.protocol === 'http:' || url?.protocol === 'https:';
  return url && known && url.hostname !== '' && url.pathname === '/' && !url.search && !url.hash ? url : null;
}

function holdsCertificates(path: string): boolean {
  try {
    return existsSync(path) && readFileSync(path, 'latin1').includes('-----BEGIN CERTIFICATE-----');
  } catch {
    return false;
  }
}
