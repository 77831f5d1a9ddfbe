import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { testIssuerHeader } from '../issuer/test-issuer.ts';
import { type TestIssuer, testIssuer, type TestIssuerOptions } from './issuer.ts';

/** An issuer whose metadata and keys other programs can fetch. */
export interface StartedIssuer extends TestIssuer, AsyncDisposable {
  /** Stops it. */
  readonly close: () => Promise<void>;
}

/**
 * Starts an issuer on loopback, for tests of a server that fetches the keys of its issuer. It answers the requests for
 * metadata (OpenID Connect Discovery 1.0 §4, RFC 8414 §3) and for keys. It has no page to sign in: a test makes the
 * tokens. Its name (`iss`) is its URL.
 *
 * @throws {StartError} with each fault of the options
 * @throws {Error} with `NODE_ENV=production`
 */
export async function startTestIssuer(options: Omit<TestIssuerOptions, 'issuer'> = {}): Promise<StartedIssuer> {
  const documents = new Map<string, string>();
  const server = createServer((request, response) => {
    const document = documents.get(request.url ?? '');
    // `claimgate start` refuses answers with the second header.
    const headers = { 'content-type': 'application/json', [testIssuerHeader]: 'true' };
    response.writeHead(document === undefined ? 404 : 200, headers);
    response.end(document ?? '{}');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  try {
    const { port } = server.address() as AddressInfo; // It listens on a port and not on a pipe.
    const url = `http://127.0.0.1:${port}`;
    const issuer = testIssuer({ ...options, issuer: url });
    const metadata = JSON.stringify({
      issuer: url,
      jwks_uri: `${url}/jwks`,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    });
    documents.set('/.well-known/openid-configuration', metadata);
    documents.set('/.well-known/oauth-authorization-server', metadata);
    documents.set('/jwks', JSON.stringify(issuer.jwks));
    return { ...issuer, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
