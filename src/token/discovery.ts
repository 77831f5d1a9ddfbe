import { type FetchOptions, fetchDocument } from './document.ts';
import { shown } from '../protocol/shown.ts';
import { isLoopbackUrl, isSecureUrl } from '../protocol/url.ts';

/** What is read of an issuer's metadata (RFC 8414 §2). */
export interface IssuerMetadata {
  /** Where the public keys are. */
  readonly jwksUri: URL;
}

/**
 * Reads an issuer's metadata: OpenID Connect Discovery 1.0 §4, or RFC 8414 §3 where the issuer has no such document.
 *
 * @throws Error that says what was wrong, for the operator
 */
export async function discover(issuer: string, options: FetchOptions): Promise<IssuerMetadata> {
  for (const url of locations(issuer)) {
    const document = await fetchDocument(url, options);
    if (!document) continue;
    // RFC 8414 §3.3: identical, or the document must not be used. Otherwise one issuer could speak for another.
    if (document.issuer !== issuer) throw new Error(mismatch(issuer, document.issuer));
    return { jwksUri: keySetAddress(document, url) };
  }
  throw new Error(`${issuer} has neither an OpenID Connect nor an OAuth metadata document`);
}

/** OpenID Connect appends to the issuer's path; RFC 8414 §3.1 inserts before it. */
function locations(issuer: string): readonly URL[] {
  const base = issuer.replace(/\/$/, '');
  const { origin, pathname } = new URL(base);
  return [
    new URL(`${base}/.well-known/openid-configuration`),
    new URL(`${origin}/.well-known/oauth-authorization-server${pathname === '/' ? '' : pathname}`),
  ];
}

/**
 * Reads a metadata document whose address was configured. What it calls its issuer is not compared: configuration says whose it is.
 *
 * @throws Error that says what was wrong, for the operator
 */
export async function readConfiguredMetadata(url: URL, options: FetchOptions): Promise<IssuerMetadata> {
  const document = await fetchDocument(url, options);
  if (!document) throw new Error(`${url.href} is no metadata document: it was answered with a status from 400 to 499`);
  return { jwksUri: keySetAddress(document, url) };
}

/** @param url where the metadata document is */
function keySetAddress({ jwks_uri }: Readonly<Record<string, unknown>>, url: URL): URL {
  const jwksUri = typeof jwks_uri === 'string' ? URL.parse(jwks_uri) : null;
  if (!jwksUri || !isSecureUrl(jwksUri)) throw new Error(`the metadata at ${url.href} has no https jwks_uri`);
  if (isLoopbackUrl(jwksUri) && !isLoopbackUrl(url)) {
    throw new Error(`the metadata at ${url.href} has a jwks_uri on this machine`);
  }
  return jwksUri;
}

/** Both names, and what the operator can do. @param found what the document says, which can be anything */
function mismatch(issuer: string, found: unknown): string {
  const both = `the metadata of ${issuer} names another issuer: expected "${issuer}", found ${described(found)}`;
  if (typeof found !== 'string') return both;
  if (found.replace(/\/$/, '') === issuer.replace(/\/$/, '')) {
    return `${both}; they differ in a slash at the end: configure the issuer as it stands in iss of its tokens`;
  }
  if (/[{}]/.test(found)) {
    return `${both}; that is a template for several tenants: configure the issuer of one tenant, as it stands in iss of its tokens`;
  }
  return `${both}; configure the issuer as it stands in iss of its tokens, and where that is not the name in its metadata, set metadata to the address of the document`;
}

function described(found: unknown): string {
  return typeof found === 'string' ? `"${shown(found)}"` : 'no text';
}
