import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JSONWebKeySet } from 'jose';

/** An issuer that publishes its metadata and its keys. The tests hold the private keys and sign. */
export interface PublishedIssuer {
  /** `iss`. */
  readonly issuer: string;
  stop(): Promise<void>;
}

/** Publishes a key set at an issuer on loopback (OpenID Connect Discovery 1.0 §4). */
export async function publish(keySet: JSONWebKeySet): Promise<PublishedIssuer> {
  const server = createServer((request, response) => {
    const documents: Readonly<Record<string, unknown>> = {
      '/.well-known/openid-configuration': { issuer, jwks_uri: `${issuer}/jwks` },
      '/jwks': keySet,
    };
    const document = documents[request.url ?? ''];
    response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The server listens on TCP, so its address is an AddressInfo.
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
