import { existsSync, readFileSync } from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy that requests of one scheme go through. */
export interface OutboundProxy {
  /** The variable that names it. */
  readonly variable: string;
  /** With its password, which is never printed. */
  readonly url: string;
  /** The same for messages: without user and password. */
  readonly shown: string;
}

/** The proxies of the environment: what curl and other programs read. The lower-case name counts first. */
export interface OutboundProxies {
  readonly https: OutboundProxy | null;
  /** Hosts that are asked without one, with commas or spaces between. */
  readonly exceptions: string;
}

/** @returns what the environment says; a proxy that cannot be used is left out, and named by `proxyFaults` */
export function outboundProxies(environment: Environment): OutboundProxies {
  // An issuer that is not on this machine has an https URL.
  const variable = namesOf('https_proxy').find((name) => environment[name]?.trim());
  const url = variable === undefined ? null : proxyUrl(environment[variable] ?? '');
  const [exceptions = ''] = namesOf('no_proxy').flatMap((name) => environment[name] || []);
  return {
    https: variable !== undefined && url ? { variable, url: url.href, shown: url.origin } : null,
    exceptions,
  };
}

/** What is wrong with the variables that say how issuers are reached. No value is repeated: a proxy's can hold a password. */
export function* proxyFaults(environment: Environment): Iterable<string> {
  for (const name of namesOf('https_proxy')) {
    const value = environment[name]?.trim();
    if (value && proxyUrl(value) === null) {
      yield `${name}: expected a proxy such as http://proxy.example.com:3128 or http://user:password@proxy.example.com:3128, with @ / # ? % of a password percent-encoded`;
    }
  }
  const { NODE_EXTRA_CA_CERTS: path } = environment;
  if (path && !holdsCertificates(path)) {
    yield `NODE_EXTRA_CA_CERTS=${path}: expected the path of a file with certificates in PEM form (-----BEGIN CERTIFICATE-----)`;
  }
}

function namesOf(name: string): readonly string[] {
  return [name, name.toUpperCase()];
}

/** Other programs take `proxy:3128` for `http://proxy:3128`. */
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
