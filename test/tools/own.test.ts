import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { schemaOf } from '../../src/testing/server/schema.ts';
import { coverageOf } from '../../src/tools/coverage/coverage.ts';
import { checkClient } from '../../src/tools/explain/client.ts';
import { createFindNeeds } from '../../src/tools/explain/needs.ts';
import { readOperations } from '../../src/tools/operations/read.ts';
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

  it('gives the example clients exactly the scopes that their operations need', async () => {
    const operations = await readOperations(['test/flows/clients'], root);
    assert.ok(operations.length >= 3);
    const needs = operations.map(createFindNeeds(source));
    assert.deepEqual(checkClient({ name: 'the clients', scopes: ['openid'] }, needs, source.rules), []);
  });
});
