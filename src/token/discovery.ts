import { type FetchOptions, fetchDocument } from './document.ts';
import { isLoopbackUrl, isSecureUrl } from './url.ts';

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
    if (document) return readMetadata(issuer, document);
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

function readMetadata(issuer: string, document: Readonly<Record<string, unknown>>): IssuerMetadata {
  // RFC 8414 §3.3: identical, or the document must not be used. Otherwise one issuer could speak for another.
  if (document.issuer !== issuer) throw new Error(`the metadata of ${issuer} names another issuer`);
  const jwksUri = typeof document.jwks_uri === 'string' ? URL.parse(document.jwks_uri) : null;
  if (!jwksUri || !isSecureUrl(jwksUri)) throw new Error(`the metadata of ${issuer} has no https jwks_uri`);
  if (isLoopbackUrl(jwksUri) && !isLoopbackUrl(new URL(issuer))) {
    throw new Error(`the metadata of ${issuer} has a jwks_uri on this machine`);
  }
  return { jwksUri };
}
