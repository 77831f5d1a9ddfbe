import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'graphql';
import { defaultLimits } from '../../../../src/api/limits/limits.ts';
import { anonymous } from '../../../../src/principal.ts';
import { authCases } from '../../../conformance/auth/cases.ts';
import { nameOf } from '../../../conformance/auth/case.ts';
import { makeWorld } from '../../../conformance/auth/world.ts';
import { principalFor } from '../../../support/callers.ts';
import { type BothOptions, bothPaths, type KnownRequest } from '../../../support/known.ts';
import { callers, oddQueries, oddSchema } from './odd-world.ts';

type Both = Awaited<ReturnType<typeof bothPaths>>;

/** Sends a request by both paths. @returns the reason if only Apollo Server answers */
async function same(both: Both, request: KnownRequest): Promise<string | null> {
  await both.byApollo(request);
  const expected = await both.byApollo(request);
  // The document of a refused caller is known from the query of another caller.
  if (expected.status === 401 || expected.status === 403) both.known.remember(request.query, parse(request.query));
  const found = await both.byKnown(request);
  if (typeof found === 'string') return found;
  assert.deepEqual(found, expected);
  return null;
}

describe('the answer to a known query', () => {
  for (const denial of ['partial', 'reject'] as const) {
    it(`is the answer of Apollo Server for each case of the table of @auth (${denial})`, async (t) => {
      const { guarded } = makeWorld({ denial });
      const both = await bothPaths({ guarded });
      const reasons: Record<string, number> = {};
      for (const authCase of authCases) {
        const { document, operationName, variables, caller } = authCase;
        const principal = principalFor(caller);
        for (const type of ['application/json', 'application/graphql-response+json'] as const) {
          const request = { query: document, operationName, variables, context: () => ({ principal }), type };
          try {
            const reason = (await same(both, request)) ?? 'answered';
            reasons[reason] = (reasons[reason] ?? 0) + 1;
          } catch (error) {
            throw new Error(`${nameOf(authCase)}: ${error instanceof Error ? error.message : ''}`, { cause: error });
          }
        }
      }
      t.diagnostic(JSON.stringify(reasons));
      assert.ok((reasons['answered'] ?? 0) > authCases.length);
    });
  }
});

describe('the answer to a known query of odd resolvers', () => {
  const nonce = { algorithms: ['ES256'], nonce: () => 'nonce-1' };
  const variants: Readonly<Record<string, Omit<BothOptions, 'guarded'> & { readonly hidden?: boolean }>> = {
    'by default': {},
    'with nonces': { proofs: nonce },
    'with introspection for callers with a token': {
      policy: { limits: defaultLimits, introspection: 'authenticated' },
      hidden: true,
    },
    'without introspection': { policy: { limits: defaultLimits, introspection: 'off' }, hidden: true },
  };
  for (const [name, { hidden = false, ...options }] of Object.entries(variants)) {
    it(`has the same status, headers, body and reports, ${name}`, async () => {
      const reports: unknown[] = [];
      const both = await bothPaths({ guarded: oddSchema(reports, hidden), reports, ...options });
      for (const [caller, principal] of Object.entries(callers)) {
        for (const [query, variables, operationName] of oddQueries) {
          for (const type of ['application/json', 'application/graphql-response+json'] as const) {
            const reason = await same(both, {
              query,
              variables,
              operationName,
              type,
              context: () => ({ principal }),
            }).catch((error: unknown) => {
              throw new Error(`${caller}: ${query}`, { cause: error });
            });
            // Validation refuses the document.
            const isOff = name === 'without introspection' && /__(schema|type)\b/.test(query);
            assert.equal(reason, isOff ? 'unknown' : null, `${caller}: ${query}`);
          }
        }
      }
    });
  }

  it('has the same status, headers and body if the data cannot be written as JSON', async () => {
    const reports: unknown[] = [];
    const both = await bothPaths({ guarded: oddSchema(reports), reports });
    const faults = {
      unwritable: [['error', 'operation failed', 'Do not know how to serialize a BigInt', 1]],
      throwing: [], // A caller reads this error.
    };
    for (const [field, logged] of Object.entries(faults)) {
      const request = { query: `{ ${field} hello }`, context: () => ({ principal: anonymous }) };
      await both.byApollo(request);
      const { reports: _, ...expected } = await both.byApollo(request);
      const found = await both.byKnown(request);
      assert.ok(typeof found !== 'string');
      const { reports: noted, ...answer } = found;
      assert.deepEqual(answer, expected);
      // Apollo Server reports the outcome `ok`, and logs nothing.
      assert.deepEqual(noted, [...logged, { type: 'query', outcome: 'failed' }]);
    }
  });

  it('has the same status, headers, body and reports for a context without a principal, or with a foreign one', async () => {
    const reports: unknown[] = [];
    const both = await bothPaths({ guarded: oddSchema(reports), reports });
    for (const context of [
      {},
      { principal: null },
      { principal: { kind: 'account' } },
      { principal: Promise.resolve(anonymous) },
    ]) {
      for (const query of ['{ hello }', '{ me { name } }']) {
        both.known.remember(query, parse(query));
        assert.equal(await same(both, { query, context: () => ({ ...context }) }), null);
      }
    }
  });
});
