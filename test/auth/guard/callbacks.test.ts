import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GuardedModulesOptions } from '../../../src/auth/guarded-schema.ts';
import { createExchange } from '../../../src/exchange/own/exchange.ts';
import { notify } from '../../../src/protocol/notify.ts';
import { remoteKeys } from '../../../src/issuer/remote-keys.ts';
import { ask, guardOne, person } from '../../support/rules.ts';
import { createVerifier, type VerifierOptions } from '../../../src/token/verify.ts';
import { issuerOf, makeKey, now, sign, target } from '../../support/tokens.ts';

/** Every way in which a callback can fail. */
const wrong: Readonly<Record<string, () => never>> = {
  throws: () => {
    throw new Error('a callback that throws');
  },
  'throws something odd': () => {
    throw null;
  },
  rejects: () => Promise.reject(new Error('a callback that rejects')) as never,
  'rejects later': () => sleep(1).then(() => Promise.reject(new Error('a callback that rejects later'))) as never,
};

const unhandled: unknown[] = [];
const others = process.listeners('unhandledRejection');
const note = (reason: unknown): void => void unhandled.push(reason);

beforeEach(() => {
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', note);
});

/** Checks that every rejection was handled. An unhandled rejection would end the process. */
afterEach(async () => {
  await sleep(5);
  process.removeAllListeners('unhandledRejection');
  for (const listener of others) process.on('unhandledRejection', listener);
  assert.deepEqual(unhandled.splice(0), []);
});

const typeDefs = `
  type Query {
    open: Int @public
    scoped: Int @auth(scope: "s")
    tried: Int @auth(scope: "s", mode: SHADOW) @auth
    asked: Int @auth(policy: "broken")
    mine(id: ID): Int @auth(owner: "$id")
  }`;
const resolvers = { Query: { open: () => 1, scoped: () => 2, tried: () => 3, asked: () => 4, mine: () => 5 } };
const policies = { broken: wrong['rejects'] as never };
const source = '{ open scoped tried asked mine(id: "bob") }';

describe('E-3 a callback of the guard that fails', () => {
  for (const [how, callback] of Object.entries(wrong)) {
    const options = { resolvers, policies };
    for (const name of ['onDenial', 'onPolicyFault', 'onWarning'] as const) {
      it(`E-3 ${name} that ${how} changes no answer`, async () => {
        const expected = await ask(guardOne(typeDefs, options), source, person());
        assert.deepEqual(expected.data, { open: 1, scoped: null, tried: 3, asked: null, mine: null });
        assert.deepEqual(await ask(guardOne(typeDefs, { ...options, [name]: callback }), source, person()), expected);
      });
    }

    it(`E-3 accountIdOf that ${how} names no account`, async () => {
      const given: Partial<GuardedModulesOptions> = { accountIdOf: callback };
      const { data } = await ask(guardOne(typeDefs, { ...options, ...given }), '{ open mine(id: "alice") }', person());
      assert.deepEqual(data, { open: 1, mine: null });
    });

    it(`E-3 if typeOf ${how}, no resolver runs`, async () => {
      let runs = 0;
      const found = () => {
        runs += 1;
        return { __typename: 'Thing', id: 1 };
      };
      const guarded = guardOne(
        `interface Some { id: Int } type Thing implements Some @auth(scope: "s") { id: Int }
         type Query { some(id: ID): Some @public  open: Int @public }`,
        { resolvers: { Query: { some: found, open: () => 1 } }, typeOf: callback },
      );
      const { data, errors } = await ask(guarded, '{ open some(id: "1") { id } }', person('s'));
      assert.deepEqual([data, errors?.length, runs], [{ open: 1, some: null }, 1, 0]);
    });

    it(`E-3 hidesSchema that ${how} hides the schema`, async () => {
      const guarded = guardOne(typeDefs, { ...options, hidesSchema: callback });
      const hidden = guardOne(typeDefs, { ...options, hidesSchema: () => true });
      assert.deepEqual(await ask(guarded, source, person()), await ask(hidden, source, person()));
    });
  }
});

for (const result of [undefined, null, 0, '']) {
  it(`E-3 hidesSchema that returns ${JSON.stringify(result)} hides the schema`, async () => {
    const callback = (): never => result as never; // An author's JavaScript can return anything.
    const options = { resolvers, policies };
    const guarded = guardOne(typeDefs, { ...options, hidesSchema: callback });
    const hidden = guardOne(typeDefs, { ...options, hidesSchema: () => true });
    assert.deepEqual(await ask(guarded, source, person()), await ask(hidden, source, person()));
  });
}

describe('E-3 a callback of the verifier or the exchange that fails', () => {
  const key = makeKey();
  const token = sign(key);
  const bearerVerifier = (options: Partial<VerifierOptions>) => {
    const verifier = createVerifier({ issuers: [issuerOf([key])], clock: () => now * 1_000, ...options });
    return { verify: (sent: string) => verifier.verify({ scheme: 'Bearer', token: sent }, target) };
  };

  for (const [how, callback] of Object.entries(wrong)) {
    it(`E-3 onVerification that ${how} refuses no token and accepts none`, async () => {
      const verifier = bearerVerifier({ onVerification: callback });
      for (let use = 0; use < 2; use += 1) assert.equal((await verifier.verify(token)).kind, 'account');
      await assert.rejects(async () => verifier.verify(`${token}x`), { code: 'INVALID_TOKEN' });
    });

    it(`E-3 isRevoked that ${how} refuses`, async () => {
      const verifier = bearerVerifier({ revocations: { isRevoked: callback } });
      await assert.rejects(async () => verifier.verify(token), { code: 'INVALID_TOKEN' });
    });

    it(`E-3 onEvent of remote keys, and the store of their copies, that ${how}, lose no keys`, async () => {
      const issuer = 'https://issuer.example';
      const documents: Readonly<Record<string, unknown>> = {
        [`${issuer}/.well-known/oauth-authorization-server`]: { issuer, jwks_uri: `${issuer}/keys` },
        [`${issuer}/.well-known/openid-configuration`]: { issuer, jwks_uri: `${issuer}/keys` },
        [`${issuer}/keys`]: { keys: [{ ...key.publicJwk, kid: key.kid, alg: key.alg, use: 'sig' }] },
      };
      let down = true;
      const keys = remoteKeys({
        issuer,
        clock: () => now * 1_000,
        cooldownSeconds: 0,
        onEvent: callback,
        copies: { load: callback, save: callback },
        fetch: async (url) => {
          const body = documents[new Request(url).url];
          return down || body === undefined ? new Response('', { status: 503 }) : Response.json(body);
        },
      });
      await assert.rejects(async () => keys.refresh(), { code: 'KEYS_UNAVAILABLE' });
      down = false;
      await keys.refresh();
      assert.equal(keys.state().keys, 1);
      assert.equal(keys.state().failing, false);
    });

    it(`E-3 onFailure of the exchange that ${how} changes no answer`, async () => {
      const server = {
        issuer: 'https://issuer.example',
        tokenEndpoint: 'https://issuer.example/token',
        revocationEndpoint: 'https://issuer.example/revoke',
        idTokenSigningAlgorithms: ['ES256'],
      };
      const exchange = createExchange({
        server,
        fetchFor: () => async () => new Response('', { status: 502 }),
        onFailure: callback,
      });
      const client = { clientId: 'app', tokenEndpointAuthMethod: 'none', clientSecret: null } as const;
      const code = { code: 'c', codeVerifier: 'v'.padEnd(43, '~'), redirectUri: 'https://app.example/' };
      const result = await exchange.exchangeAuthorizationCode({ address: '192.0.2.1' }, client, code);
      assert.equal(result.ok, false);
    });

    it(`E-3 notify ignores a listener that ${how}`, () => {
      notify(callback);
    });
  }
});
