import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type DocumentNode, parse, validate } from 'graphql';
import type { OperationExplanation } from '../../../src/auth/explain/explanation.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { anonymous } from '../../../src/principal.ts';
import { principalFor } from '../../support/callers.ts';
import { githubSdl, largeQuery } from '../../support/github.ts';

const guarded = createGuardedSchema({ modules: [{ name: 'github', typeDefs: githubSdl() }] });

function valid(source: string): DocumentNode {
  const document = parse(source);
  assert.deepEqual(validate(guarded.schema, document), []);
  return document;
}

function decisions({ elements }: OperationExplanation, at: string): readonly string[] {
  return elements
    .filter(({ path }) => path.join('.') === at)
    .map(
      ({ coordinate, decision, rules }) =>
        `${coordinate} ${decision}: ${rules.map((rule) => `${rule.coordinate} ${rule.words}`).join('; ')}`,
    );
}

describe('explainOperation on GitHub’s public schema', () => {
  it('has a few thousand rules', () => {
    assert.ok(guarded.rules.length > 2_000, String(guarded.rules.length));
  });

  const document = valid(`query ($state: IssueState!) {
    viewer { login email }
    repository(owner: "o", name: "n") {
      name owner { login }
      issues(first: 1, states: [$state, OPEN]) { totalCount }
      vulnerabilityAlerts(first: 1) { __typename }
    }
  }`);
  const explain = (scopes: readonly string[] | null, state: string) =>
    guarded.explainOperation({
      document,
      variables: { state },
      principal: scopes ? principalFor({ scopes, claims: { auth_time: Date.now() / 1000 } }) : anonymous,
    });

  it('explains fields, types, possible types and supplied enum values', () => {
    const explanation = explain(['public_repo', 'user:email'], 'CLOSED');
    assert.equal(explanation.outcome, 'DEPENDS'); // The owner can be an organization.
    assert.deepEqual(decisions(explanation, 'viewer'), ['Query.viewer ALLOW: Query.viewer a valid access token']);
    assert.deepEqual(decisions(explanation, 'viewer.login'), []);
    assert.deepEqual(decisions(explanation, 'viewer.email'), [
      'User.email ALLOW: User.email the scope `read:user` or `user:email`',
    ]);
    assert.deepEqual(decisions(explanation, 'repository'), [
      'Query.repository ALLOW: Query.repository the scope `repo` or `public_repo`',
      'Repository ALLOW: Repository the scope `repo` or `public_repo`',
    ]);
    assert.deepEqual(
      decisions(explanation, 'repository.owner').at(-1),
      'Organization DEPENDS: Organization the scope `read:org`',
    );
    assert.deepEqual(decisions(explanation, 'repository.issues'), [
      'Repository.issues DENY: Repository.issues the scope `repo`',
      'IssueState.CLOSED DENY: IssueState.CLOSED the scope `read:audit`',
    ]);
    assert.ok(!decisions(explain(['repo'], 'OPEN'), 'repository.issues').some((line) => line.includes('IssueState')));
  });

  it('finds the least scopes, and what is missing', () => {
    const { leastScopes, outcome, code, missing } = explain(null, 'CLOSED');
    assert.deepEqual([outcome, code], ['REFUSED', 'UNAUTHENTICATED']);
    // `first` of `vulnerabilityAlerts` needs `public_repo`, and `name` is inherited from `RepositoryInfo`.
    const all = ['public_repo', 'read:audit', 'repo', 'security_events'];
    assert.deepEqual(
      leastScopes.map((set) => set.toSorted()),
      [[...all, 'read:user'].toSorted(), [...all, 'user:email']],
    );
    assert.deepEqual([missing?.token, missing?.maxAge], [true, 300]);
    const own = explain(['repo', 'public_repo', 'read:user', 'security_events'], 'CLOSED').missing;
    assert.deepEqual(own, {
      token: false,
      scopes: [['read:audit']],
      claims: [],
      account: false,
      maxAge: null,
      acr: null,
    });
  });

  it('explains a mutation by the fields of its input', () => {
    const explanation = guarded.explainOperation({
      document: valid('mutation ($input: AddStarInput!) { addStar(input: $input) { clientMutationId } }'),
      variables: { input: { starrableId: 'x' } },
      principal: principalFor({ scopes: ['public_repo'] }),
    });
    assert.deepEqual([explanation.outcome, explanation.code], ['REFUSED', 'FORBIDDEN']);
    assert.deepEqual(decisions(explanation, 'addStar'), [
      'Mutation.addStar ALLOW: Mutation.addStar the scope `repo` or `public_repo`',
      'AddStarInput.starrableId DENY: AddStarInput.starrableId the scope `write:stars`',
    ]);
    assert.deepEqual(explanation.missing?.scopes, [['write:stars']]);
  });

  it('explains a query with 50 guarded selections in a few milliseconds', (t) => {
    const times: number[] = [];
    const principal = principalFor({ scopes: ['repo'] });
    let explanation: OperationExplanation | undefined;
    for (let round = 0; round < 60; round += 1) {
      const begun = performance.now();
      const large = parse(largeQuery);
      assert.deepEqual(validate(guarded.schema, large), []);
      const variables = { owner: 'o', name: 'n', state: ['CLOSED'] };
      explanation = guarded.explainOperation({ document: large, variables, principal });
      times.push(performance.now() - begun);
    }
    const guardedFields = new Set(explanation?.elements.map(({ path }) => path.join('.')));
    const median = times.toSorted((a, b) => a - b)[30];
    t.diagnostic(
      `${guarded.rules.length} rules, ${guardedFields.size} guarded selections, ${explanation?.elements.length} elements: median ${median?.toFixed(1)} ms with parsing and validation`,
    );
    assert.ok(guardedFields.size >= 50, String(guardedFields.size));
    assert.equal(explanation?.elementsCapped, false);
    assert.ok((median ?? Infinity) < 1_000);
  });
});
