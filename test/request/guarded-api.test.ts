import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GraphQLError, parse } from 'graphql';
import { StartError } from '../../src/errors.ts';
import { createGuardedApi, type GuardedApiOptions } from '../../src/request/guarded-api.ts';
import { httpAnswer } from '../../src/request/http-answer.ts';
import { testClock, testIssuer } from '../../src/testing.ts';

const url = 'https://api.example/graphql';
const clock = testClock();
const own = testIssuer({ audience: url, clock });
const { issuer } = own;
const modules = [
  { name: 'a', typeDefs: 'type Query { hello: String @public, mine(id: ID): String @auth(owner: "$id") }' },
];
const [{ keys }] = own.verification.issuers;

function faultsOf(options: unknown): readonly string[] {
  try {
    createGuardedApi(options as GuardedApiOptions);
    return [];
  } catch (error) {
    assert.ok(error instanceof StartError, String(error));
    return error.faults;
  }
}

describe('createGuardedApi', () => {
  it('needs a URL and an issuer, and takes the audience, the realm and the metadata from the URL', async () => {
    const api = createGuardedApi({ url, issuers: [{ issuer, algorithms: ['ES256'], keys }], modules, clock });
    assert.deepEqual(api.challenge, {
      realm: url,
      resourceMetadata: 'https://api.example/.well-known/oauth-protected-resource/graphql',
    });
    const authorization = `Bearer ${own.token({ account: 'ada' })}`;
    const contextValue = await api.context(new Request(url, { headers: { authorization } }));
    assert.equal(contextValue.principal.kind, 'account');
    // The only issuer is primary, so its subjects are accounts.
    api.check({ document: parse('{ mine(id: "ada") }'), contextValue });
    assert.throws(
      () => api.check({ document: parse('{ mine(id: "ada") }'), contextValue: {} }),
      (error) => httpAnswer(error)?.status === 401,
    );
    for (const token of [own.foreign(), own.forged(), own.expired()]) {
      const other = new Request(url, { headers: { authorization: `Bearer ${token}` } });
      await assert.rejects(api.context(other), GraphQLError);
    }
  });

  it('takes the URL of the metadata of a resource without a path from its host (RFC 9728 §3.1)', () => {
    const api = createGuardedApi({ url: 'https://api.example', issuers: [{ issuer, algorithms: ['ES256'] }], modules });
    assert.equal(api.challenge.resourceMetadata, 'https://api.example/.well-known/oauth-protected-resource');
  });

  it('reports the faults of the issuers and of the schema together, and wrong options by their name', () => {
    const issuers = [{ issuer, algorithms: ['HS256'] }];
    const faults = faultsOf({ url, issuers, modules: [{ name: 'a', typeDefs: 'type Query { open: String }' }] });
    assert.ok(faults.some((fault) => fault.includes('HS256')) && faults.some((fault) => fault.includes('Query.open')));
    assert.match(faultsOf({ url, issuer, issuers, modules }).join('\n'), /issuer.*expected issuers/);
    assert.match(faultsOf({ url: '/graphql', issuers, modules }).join('\n'), /url: expected an absolute URL/);
    assert.match(faultsOf({ url, modules }).join('\n'), /issuers: expected an array of issuers/);
    assert.match(faultsOf({ url, issuers: [{ issuer: 'login' }], modules }).join('\n'), /issuer/);
  });

  it('does not choose the primary issuer among several', () => {
    const issuers = [issuer, 'https://other.example'].map((issuer) => ({ issuer, algorithms: ['ES256'] }));
    assert.match(faultsOf({ url, issuers, modules }).join('\n'), /primary/);
    assert.deepEqual(
      faultsOf({ url, issuers: issuers.map((one, index) => ({ ...one, primary: index === 0 })), modules }),
      [],
    );
  });
});

describe('the check of an operation', () => {
  const { check } = createGuardedApi({ url, issuers: [{ issuer, algorithms: ['ES256'], keys }], modules });

  it('takes the arguments of execute of graphql-js', () => {
    const document = parse('query Q($id: ID) { hello mine(id: $id) }');
    check({ document, operationName: 'Q', variableValues: { id: 'x' }, contextValue: {} });
    const run = () => check({ document, variableValues: {}, variables: {}, contextValue: {} });
    assert.throws(run, /both variables and variableValues/);
  });
});
