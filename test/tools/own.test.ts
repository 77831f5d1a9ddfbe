import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { schemaOf } from '../../src/testing/server/schema.ts';
import { coverageOf } from '../../src/tools/coverage/coverage.ts';
import { judgeOpenFields } from '../../src/tools/coverage/open-fields.ts';
import { checkClient } from '../../src/tools/explain/client.ts';
import { createFindNeeds } from '../../src/tools/explain/needs.ts';
import { judge, readAllowed } from '../../src/tools/diff/allow.ts';
import { diffOf } from '../../src/tools/diff/diff.ts';
import { readOperations } from '../../src/tools/operations/read.ts';
import { openSource } from '../../src/tools/source/open.ts';
import { sourceOfGuarded } from '../../src/tools/source/rule-source.ts';
import { root } from '../support/process.ts';

describe('the schema of the server itself', async () => {
  const source = sourceOfGuarded('own', await schemaOf({}));

  it('has exactly these fields and types that a caller without a token reads', () => {
    const { types } = coverageOf(source, null);
    const reached = types.filter(
      ({ kind, fields }) => kind === 'type' && fields.some((field) => field.reached !== 'no'),
    );
    assert.deepEqual([...source.publicFields].toSorted(), [
      'Mutation.beginAuthorization',
      'Mutation.exchangeAuthorizationCode',
      'Mutation.refreshAccessToken',
      'Mutation.revokeToken',
      'Query.explainOperation',
      'Query.schemaRules',
      'Query.scopes',
    ]);
    const names =
      'BegunAuthorization ExplainedElement ExplainedRule MissingEvidence Mutation OAuthError OperationExplanation ' +
      'OperationFault Query RevokeTokenPayload RuleClaim RuleRequirement SchemaRule SchemaRulePage Scope TokenSet';
    assert.equal(
      reached
        .map(({ name }) => name)
        .toSorted()
        .join(' '),
      names,
    );
  });

  it('has no bare field that is reached without the rules of a root field', () => {
    const { bare } = coverageOf(source);
    for (const { type, paths } of bare) {
      assert.ok(paths.length > 0, `${type}: no operation reaches it`);
      for (const { fields, form } of paths) {
        const isOpen = form.alternatives.some(({ token }) => !token);
        assert.ok(!isOpen || source.publicFields.has(fields[0] ?? ''), fields.join(' → '));
      }
    }
  });

  it('I17-3 has no public and no bare field beside those that were reviewed', async () => {
    const kept = await readAllowed('test/tools/kept/own-open.json', root);
    const { toAllow, stale } = judgeOpenFields(coverageOf(source), kept);
    // If an open field is wanted: review it, and write this value to own-open.json.
    assert.deepEqual(toAllow, Object.fromEntries(kept));
    assert.deepEqual(stale, []);
  });

  it('gives the example clients exactly the scopes that their operations need', async () => {
    const operations = await readOperations(['test/flows/clients'], root);
    assert.ok(operations.length >= 3);
    const needs = operations.map(createFindNeeds(source));
    assert.deepEqual(checkClient({ name: 'the clients', scopes: ['openid'] }, needs, source.rules), []);
  });

  it('lets in no caller anew, compared with the rules that were reviewed last', async () => {
    const kept = 'test/tools/kept/own.graphql';
    const { changes } = diffOf(await openSource(kept, { directory: root }), source);
    const { refused, stale } = judge(changes, await readAllowed('test/tools/kept/own-allow.json', root));
    // If a widening is wanted: review it, and add this text to own-allow.json.
    assert.deepEqual(Object.fromEntries(refused.map(({ coordinate, rule }) => [coordinate, rule])), {});
    assert.deepEqual(stale, []);
  });
});
