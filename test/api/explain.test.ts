import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nobody, openApi, person, policy } from './fixture.ts';

const all = `
  operationName outcome code faults { message code line column } elementsCapped leastScopes leastScopesCapped
  elements {
    coordinate path line column decision
    rules { coordinate source words decision shadow missing { token scopes claims account maxAge acr } }
  }
  missing { token scopes claims account maxAge acr }`;
const query = `query ($document: String!, $operationName: String, $variables: String) {
  explainOperation(document: $document, operationName: $operationName, variables: $variables) { ${all} }
}`;

describe('explainOperation', () => {
  it('explains an operation of the API for its caller', async (t) => {
    const { ask } = await openApi(t, { operations: policy });
    const document = '{ viewer { account { email } } }';
    const anonymous = await ask(nobody, query, { document });
    assert.deepEqual(anonymous.errors, []);
    const { outcome, code, leastScopes, elements } = anonymous.data.explainOperation;
    assert.deepEqual([outcome, code, leastScopes], ['REFUSED', 'UNAUTHENTICATED', [['profile']]]);
    assert.deepEqual(
      elements.map(({ coordinate, path, line, column, decision }: any) => [
        coordinate,
        path.join('.'),
        line,
        column,
        decision,
      ]),
      [
        ['Query.viewer', 'viewer', 1, 3, 'DENY'],
        ['Viewer.account', 'viewer.account', 1, 12, 'DENY'],
        ['Account', 'viewer.account', 1, 12, 'DENY'],
      ],
    );
    const some = await ask(person('1', 'applications'), query, { document });
    assert.equal(some.data.explainOperation.outcome, 'RUNS_IN_PART');
  });
});
