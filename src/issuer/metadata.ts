import { shown } from '../protocol/shown.ts';
import { isLoopbackUrl, isSecureUrl } from '../protocol/url.ts';
import { type FetchOptions, fetchDocument } from './document.ts';
import { IssuerFault } from './fault.ts';

/**
 * An issuer's metadata (OpenID Connect Discovery 1.0 §3, RFC 8414 §2), and the address of the metadata. Its members are
 * not checked yet.
 */
export interface IssuerMetadata {
  readonly url: URL;
  readonly document: Readonly<Record<string, unknown>>;
}

/**
 * Finds an issuer's metadata. First tries the address of OpenID Connect Discovery 1.0 §4. If there is no document,
 * tries the address of RFC 8414 §3.
 *
 * @throws IssuerFault if there is no document, or the document names another issuer; the errors of `fetchDocument`
 */
export async function discover(issuer: string, options: FetchOptions): Promise<IssuerMetadata> {
  let status = 0;
  for (const url of locations(issuer)) {
    const fetched = await fetchDocument(url, options);
    if (fetched.is === 'document') {
      // The two names must be identical (OpenID Connect Discovery 1.0 §4.3, RFC 8414 §3.3). Otherwise one issuer could
      // act for another issuer.
      if (fetched.document.issuer !== issuer) throw anotherIssuer(issuer, fetched.document.issuer);
      return { url, document: fetched.document };
    }
    status = fetched.status;
  }
  const message = `${issuer} has neither an OpenID Connect nor an OAuth metadata document`;
  throw new IssuerFault(message, `status-${status}`);
}

/**
 * Reads metadata at a configured address. Does not compare its `issuer`, because the operator chose the address for
 * this issuer.
 *
 * @throws IssuerFault if there is no document; the errors of `fetchDocument`
 */
export async function readConfiguredMetadata(url: URL, options: FetchOptions): Promise<IssuerMetadata> {
  const fetched = await fetchDocument(url, options);
  if (fetched.is === 'document') return { url, document: fetched.document };
  const message = `${url.href} is not a metadata document: it was answered with a status from 400 to 499`;
  throw new IssuerFault(message, `status-${fetched.status}`);
}

/**
 * Reads the address of an endpoint from metadata. The address must be an https URL without user and fragment. If the
 * metadata is on a loopback host, the address may also be plain http to a loopback host.
 *
 * @throws IssuerFault if the metadata does not have the endpoint, or its address is not allowed
 */
export function endpointOf({ url, document }: IssuerMetadata, name: string): URL {
  const value = document[name];
  const endpoint = typeof value === 'string' ? URL.parse(value) : null;
  const reason = `no-${name.replaceAll('_', '-')}`;
  if (!endpoint || !isSecureUrl(endpoint) || endpoint.username || endpoint.password || endpoint.hash) {
    throw new IssuerFault(`the metadata at ${url.href} has no https ${name}`, reason);
  }
  if (isLoopbackUrl(endpoint) && !isLoopbackUrl(url)) {
    throw new IssuerFault(`the metadata at ${url.href} has a ${name} on this machine`, reason);
  }
  return endpoint;
}

/**
 * Returns the two addresses of metadata. OpenID Connect appends `/.well-known/…` to the path of the issuer. RFC 8414
 * §3.1 inserts `/.well-known/…` before the path.
 */
function locations(issuer: string): readonly URL[] {
  const base = issuer.replace(/\/$/, '');
  const { origin, pathname } = new URL(base);
  return [
    new URL(`${base}/.well-known/openid-configuration`),
    new URL(`${origin}/.well-known/oauth-authorization-server${pathname === '/' ? '' : pathname}`),
  ];
}

/**
 * Makes the fault for metadata of another issuer. It names both issuers and says what the operator can do. @param found
 * - the `issuer` of the document, of any type
 */
function anotherIssuer(issuer: string, found: unknown): IssuerFault {
  const other = typeof found === 'string' ? `"${shown(found)}"` : 'no text';
  return new IssuerFault(
    `the metadata of ${issuer} names another issuer: expected "${issuer}", found ${other}${advice(issuer, found)}`,
    `another-issuer: expected "${issuer}", and its metadata has ${other}`,
  );
}

function advice(issuer: string, found: unknown): string {
  if (typeof found !== 'string') return '';
  if (found.replace(/\/$/, '') === issuer.replace(/\/$/, '')) {
    return '; they differ in a slash at the end: configure the issuer as it stands in iss of its tokens';
  }
  if (/[{}]/.test(found)) {
    return '; that is a template for several tenants: configure the issuer of one tenant, as it stands in iss of its tokens';
  }
  return '; configure the issuer as it stands in iss of its tokens, and where that is not the name in its metadata, set metadata to the address of the document';
}
