import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'graphql';
import { mayIntrospect } from '../../../../src/api/operation/rules/introspection.ts';
import { applicationAlone, nobody, person, policy, refusalOf } from '../../fixture.ts';

const introspecting: Readonly<Record<string, string>> = {
  __schema: '{ __schema { types { name } } }',
  __type: '{ __type(name: "Query") { name } }',
  'under an alias': '{ harmless: __schema { __typename } }',
  'in an inline fragment': '{ ... { ... on Query { __schema { __typename } } } }',
  'in a named fragment': '{ ...a } fragment a on Query { ...b } fragment b on Query { __schema { __typename } }',
  'in a fragment defined before': 'fragment a on Query { __schema { __typename } } { ...a }',
  'below a field that gives the query type again': 'mutation { lock { query { __schema { __typename } } } }',
  'skipped by a variable': 'query ($s: Boolean!) { __schema @skip(if: $s) { __typename } }',
  'the executed one of two operations': 'query other { scopes } query run { __schema { __typename } }',
};

const innocent: Readonly<Record<string, string>> = {
  __typename: '{ __typename viewer { __typename } }',
  'an alias called __schema': '{ __schema: scopes }',
  'the other one of two operations': 'query run { scopes } query other { __schema { __typename } }',
  'a fragment that nothing spreads': '{ scopes } fragment a on Query { __schema { __typename } }',
  'fragments within themselves': '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }',
};

const name = (source: string) => (source.includes('run') ? 'run' : undefined);

describe('B-15 introspection: authenticated', () => {
  for (const [title, source] of Object.entries(introspecting)) {
    it(`needs a token: ${title}`, () => {
      const operation = { document: parse(source), operationName: name(source), variables: {} };
      const authenticated = { ...policy, introspection: 'authenticated' as const };
      assert.equal(refusalOf({ ...operation, principal: nobody }, authenticated)?.code, 'UNAUTHENTICATED');
      for (const principal of [person('1'), person(null), applicationAlone()]) {
        assert.equal(refusalOf({ ...operation, principal }, authenticated), null);
      }
      assert.equal(refusalOf({ ...operation, principal: nobody }, policy), null);
    });
  }
  for (const [title, source] of Object.entries(innocent)) {
    it(`needs none: ${title}`, () => {
      assert.ok(mayIntrospect(parse(source), name(source), nobody, 'authenticated'));
    });
  }
});

it('B-15 introspection: off refuses every caller, also if no transport validated', () => {
  for (const source of Object.values(introspecting)) {
    for (const principal of [nobody, person('1'), applicationAlone('accounts')]) {
      assert.equal(mayIntrospect(parse(source), name(source), principal, 'off'), false);
    }
  }
});
