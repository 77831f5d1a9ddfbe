import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keySet, type TestKey } from '../support/tokens.ts';

/** An issuer that changes its keys. Below its path `/hangs`, it does not answer. */
export interface ChangingIssuer {
  readonly issuer: string;
  /** How many times the key set was fetched. */
  readonly fetches: () => number;
  /** Publishes these keys only. Before the first call, it publishes no key. */
  publish(...keys: readonly TestKey[]): void;
  stop(): Promise<void>;
}

/** The time until the first fetch of the key set is answered, in milliseconds. Further requests come during this time. */
const firstAnswerMs = 200;

export async function startChangingIssuer(): Promise<ChangingIssuer> {
  let published = keySet();
  let fetches = 0;
  const server = createServer((request, response) => {
    if (request.url?.includes('hangs')) return;
    const isKeySet = request.url === '/jwks';
    if (isKeySet) fetches += 1;
    const isKnown = isKeySet || request.url === '/.well-known/openid-configuration';
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' });
    const body = JSON.stringify(isKeySet ? published : { issuer, jwks_uri: `${issuer}/jwks` });
    setTimeout(() => response.end(body), isKeySet && fetches === 1 ? firstAnswerMs : 0);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    fetches: () => fetches,
    publish(...keys) {
      published = keySet(...keys);
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
