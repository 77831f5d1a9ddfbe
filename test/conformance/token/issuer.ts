import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JSONWebKeySet } from 'jose';

/** An issuer that publishes its metadata and its keys, and leaves signing to whoever holds them. */
export interface PublishedIssuer {
  /** `iss`. */
  readonly issuer: string;
  stop(): Promise<void>;
}

/** Publishes a key set as an issuer of this machine does (OpenID Connect Discovery 1.0 §4). */
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
  // An address of TCP, since it listens on one.
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
