import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keySet, makeKey, sign } from '../support/tokens.ts';

/** An issuer that can be unavailable. */
export interface SwitchedIssuer {
  readonly issuer: string;
  /** Makes an access token for the API in the examples. */
  readonly token: (scope: string) => string;
  /** Makes the issuer available. Before this call, it answers each request with 500. */
  open(): void;
  stop(): Promise<void>;
}

/** The audience of the examples. */
export const audience = 'https://api.example.com/graphql';

/** Starts an issuer that is not available at first. */
export async function startIssuer(): Promise<SwitchedIssuer> {
  const key = makeKey();
  let isOpen = false;
  const server = createServer((request, response) => {
    const documents: Readonly<Record<string, unknown>> = {
      '/.well-known/openid-configuration': { issuer, jwks_uri: `${issuer}/jwks` },
      '/jwks': keySet(key),
    };
    const document = isOpen ? documents[request.url ?? ''] : undefined;
    response.writeHead(isOpen ? (document ? 200 : 404) : 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let tokens = 0;
  return {
    issuer,
    token(scope) {
      const iat = Math.floor(Date.now() / 1000);
      tokens += 1;
      const claims = { iss: issuer, sub: 'ada', aud: audience, client_id: 'web', jti: `token-${tokens}`, scope };
      return sign(key, { payload: { ...claims, iat, exp: iat + 3_600 } });
    },
    open() {
      isOpen = true;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
