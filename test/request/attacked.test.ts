import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { graphql } from 'graphql';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { localKeys } from '../../src/issuer/key-source.ts';
import { anonymous } from '../../src/principal.ts';
import { createGuardedApi, type GuardedApiOptions } from '../../src/request/guarded-api.ts';
import type { IncomingRequest } from '../../src/request/incoming-request.ts';
import { yogaPlugin } from '../../src/request/servers/yoga.ts';
import { createVerifier } from '../../src/token/verify.ts';
import { issuerOf, keySet, makeKey, now, payloadOf, sign } from '../support/tokens.ts';

const url = 'https://api.example/graphql';
const issuer = 'https://issuer.example';
const key = makeKey();
const keys = localKeys(() => keySet(key));
const clock = () => now * 1000;
const modules = [
  {
    name: 'a',
    typeDefs: 'type Query { open: String @public, closed: String @auth }',
    resolvers: { Query: { open: () => 'open' } },
  },
];
const api = createGuardedApi({ url, issuers: [{ issuer, algorithms: ['ES256'], keys }], modules, clock });
const authorization = `Bearer ${sign(key, { payload: payloadOf({ aud: url }) })}`;
const lines = ['Authorization', authorization];

/** Makes headers whose members do not agree. */
function headersOf(iterated: readonly unknown[], got: string | null = null): object {
  return { get: (name: string) => (name === 'authorization' ? got : null), [Symbol.iterator]: () => iterated.values() };
}

describe('a request whose parts do not agree', () => {
  const shapes: Readonly<Record<string, readonly [request: object, fault: RegExp]>> = {
    'headers that get has and iteration does not': [
      { headers: headersOf([], authorization), method: 'POST' },
      /found authorization in its headers and not in its list of headers/,
    ],
    'iteration without pairs': [
      { headers: headersOf(lines), method: 'POST' },
      /its headers do not consist of pairs of texts/,
    ],
    'a value that is a list': [
      { headers: headersOf([['authorization', [authorization]]]), method: 'POST' },
      /its headers do not consist of pairs of texts/,
    ],
    'Fetch headers beside header lines without them': [
      { rawHeaders: [], headers: new Headers({ authorization }), method: 'POST' },
      /found authorization in its headers and not in its rawHeaders/,
    ],
    'a header by a name in capitals beside header lines without it': [
      { rawHeaders: ['Host', 'x'], headers: { Authorization: authorization }, method: 'POST' },
      /found authorization in its headers and not in its rawHeaders/,
    ],
    'header lines with a hole': [{ rawHeaders: Array(2) }, /its rawHeaders are not an array of texts/],
    'a name without a value': [
      { rawHeaders: ['Host', ...lines], method: 'POST' },
      /its rawHeaders are not an array of texts: name, value/,
    ],
  };
  for (const [name, [request, fault]] of Object.entries(shapes)) {
    it(`is refused: ${name}`, async () => {
      await assert.rejects(api.context(request as IncomingRequest), (error) => {
        assert.ok(error instanceof TypeError);
        assert.match(error.message, fault);
        return !error.message.includes('eyJ');
      });
    });
  }

  it('is refused also if the second value was read after the check', async () => {
    let reads = 0;
    const changing = {
      method: 'POST',
      get rawHeaders() {
        reads += 1;
        return reads === 1 ? lines : [];
      },
    };
    assert.equal((await api.context(changing)).principal.kind, 'account');
    assert.equal(reads, 1);
  });

  it('does not recurse into an object that contains itself', async () => {
    const cyclic: Record<string, unknown> = {};
    for (const name of ['req', 'raw', 'request']) cyclic[name] = cyclic;
    await assert.rejects(api.context(cyclic as unknown as IncomingRequest), TypeError);
  });

  it('is read with names in any case, also from a Map', async () => {
    const headers = new Map([lines as [string, string]]) as never;
    assert.equal((await api.context({ headers, method: 'POST' })).principal.kind, 'account');
  });

  it('yogaPlugin reads the request of Node in the request of Fastify', async () => {
    const kinds: string[] = [];
    await yogaPlugin(api).onContextBuilding({
      context: { req: { raw: { rawHeaders: lines, method: 'POST' }, headers: {} } },
      extendContext: ({ principal }) => kinds.push(principal.kind),
    });
    assert.deepEqual(kinds, ['account']);
  });
});

/** Makes an object that inherits its members, as an instance of a class inherits its getters. */
function inherited<T extends object>(members: T): T {
  const descriptors = Object.getOwnPropertyDescriptors(members);
  for (const descriptor of Object.values<PropertyDescriptor>(descriptors)) descriptor.enumerable = false;
  return Object.create(Object.create(Object.prototype, descriptors)) as T;
}

describe('the URL of createGuardedApi', () => {
  for (const wrong of ['https://user:secret@api.example/graphql', 'https://api.example/graphql#a', 'file:///graphql']) {
    it(`is not ${new URL(wrong).protocol}//…${new URL(wrong).hash}, which a challenge would show as the realm`, () => {
      assert.throws(
        () => createGuardedApi({ url: wrong, issuers: [{ issuer, algorithms: ['ES256'], keys }], modules }),
        (error) =>
          /url: expected an absolute URL of http or https/.test(String(error)) && !/secret/.test(String(error)),
      );
    });
  }
});

describe('options that an object inherits', () => {
  it('of createGuardedSchema count', async () => {
    const { schema } = createGuardedSchema(inherited({ modules, denial: 'reject' as const }));
    const { data } = await graphql({ schema, source: '{ open closed }', contextValue: { principal: anonymous } });
    assert.deepEqual({ ...data }, { open: null, closed: null });
  });

  it('of createGuardedApi and of its issuers count', async () => {
    const options: GuardedApiOptions = {
      url,
      issuers: [inherited({ issuer, algorithms: ['ES256'], keys, scopeClaims: ['scp'] })],
      modules,
      clock,
      denial: 'reject',
    };
    const { schema, context } = createGuardedApi(inherited(options));
    const { data } = await graphql({ schema, source: '{ open closed }', contextValue: { principal: anonymous } });
    assert.deepEqual({ ...data }, { open: null, closed: null });
    const token = sign(key, { payload: payloadOf({ aud: url, scope: 'admin', scp: 'read' }) });
    const { principal } = await context(new Request(url, { headers: { authorization: `Bearer ${token}` } }));
    assert.ok(principal.kind !== 'anonymous');
    assert.deepEqual([...principal.scopes], ['read']);
  });

  it('of an issuer of createVerifier count', async () => {
    const verifier = createVerifier({
      issuers: [inherited({ ...issuerOf([key]), typ: ['api+jwt'], scopeClaims: ['scp'] })],
      clock,
    });
    const verify = async () => verifier.verify({ scheme: 'Bearer', token: sign(key) }, { method: 'POST', url });
    await assert.rejects(verify, /typ/);
  });

  it('that are unknown are still named', () => {
    const issuers = [{ issuer, algorithms: ['ES256'], keys, scopeClaim: ['scp'] }];
    assert.throws(() => createGuardedApi({ url, issuers, modules }), /scopeClaim.*scopeClaims/);
  });
});
