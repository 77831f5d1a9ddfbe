import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { listAuditEvents } from '../../src/audit/trail.ts';
import { query, signInFor } from '../support/client.ts';
import { onEachDatabase } from '../support/databases.ts';
import { timesSent } from '../support/lane/switch.ts';
import { startTestServer, withStore } from '../support/server.ts';

const config = `export default { modules: [{
  name: 'trial',
  typeDefs: 'extend type Query { trial: Trial @public } type Trial { tried: Int @auth(scope: "keys", mode: SHADOW) }',
  resolvers: { Query: { trial: () => ({ tried: 7 }) } },
}] }`;
const document = '{ trial { tried } }';

/** Asks by one transport, and returns the data of the answer. */
const transports: Readonly<Record<string, (url: string, token: string | null) => Promise<unknown>>> = {
  async POST(url, token) {
    const { body } = await query(url, document, token === null ? {} : { token });
    return body.data;
  },
  async GET(url, token) {
    const headers = { 'apollo-require-preflight': '1', ...bearer(token) };
    const response = await fetch(`${url}/graphql?${new URLSearchParams({ query: document }).toString()}`, { headers });
    return JSON.parse(await response.text()).data;
  },
  async WebSocket(url, token) {
    const client = createClient({
      url: `${url.replace('http:', 'ws:')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: bearer(token),
    });
    try {
      for await (const { data } of client.iterate({ query: document })) return data;
    } finally {
      await client.dispose();
    }
    return null;
  },
  async 'server-sent events'(url, token) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...bearer(token) },
      body: JSON.stringify({ query: document }),
    });
    const [, first] = /^event: next\ndata: (.*)$/m.exec(await response.text()) ?? [];
    return JSON.parse(first ?? '{}').data;
  },
};

function bearer(token: string | null): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

onEachDatabase((database) => {
  describe('a denial by a rule in shadow mode', () => {
    it('is an event of its own with coordinate, rule, account, client and count, by each transport', async (t) => {
      const server = await startTestServer({ database, config });
      t.after(() => server.dispose());
      const { accessToken } = await signInFor(server.url, { scope: 'profile' });
      for (const [name, ask] of Object.entries(transports)) {
        for (const token of [null, accessToken])
          assert.deepEqual(await ask(server.url, token), { trial: { tried: 7 } }, name);
      }
      // The server writes the counted events before it ends.
      assert.equal(await server.stop(), 0);
      const types = await withStore(server, async (store) => {
        const of = async (type: 'shadow_denial' | 'denial') =>
          (await listAuditEvents(store, { type }, { first: 100, after: null })).items;
        return { shadow: await of('shadow_denial'), enforced: await of('denial') };
      });
      assert.deepEqual(types.enforced, []);
      const sums = new Map<string, number>();
      for (const { id: _id, createdAt: _at, accountId, count, ...event } of types.shadow) {
        const key = JSON.stringify({ ...event, account: accountId !== null });
        sums.set(key, (sums.get(key) ?? 0) + count);
      }
      const common = { type: 'shadow_denial', outcome: 'allowed', coordinate: 'Trial.tried', rule: 'Trial.tried' };
      const source = '@auth(scope: "keys", mode: SHADOW)';
      const each = timesSent + 3; // Only the queries by POST are sent again.
      const expected: [object, number][] = [
        [{ ...common, clientId: 'claimgate', detail: `FORBIDDEN ${source}`, account: true }, each],
        [{ ...common, clientId: null, detail: `UNAUTHENTICATED ${source}`, account: false }, each],
      ];
      assert.deepEqual(
        [...sums]
          .map(([key, sum]) => [JSON.parse(key), sum] as const)
          .toSorted((one, other) => Number(other[0].account) - Number(one[0].account)),
        expected,
      );
    });
  });
});
