import assert from 'node:assert/strict';
import { it } from 'node:test';
import { getIntrospectionQuery, parse } from 'graphql';
import { toGlobalId } from '../../../../src/api/relay/global-id.ts';
import { onEachDatabase } from '../../../support/databases.ts';
import { bothPaths } from '../../../support/known.ts';
import {
  addAccount,
  addApplication,
  addGrant,
  applicationAlone,
  nobody,
  openApi,
  person,
  policy,
} from '../../fixture.ts';

/** Queries of every root field, with variables. The variable `id` is the ID of an account. */
const queries: readonly (readonly [query: string, variables?: Record<string, unknown>])[] = [
  ['{ viewer { subject clientId issuer scopes expiresAt } }'],
  ['{ viewer { account { id email roles disabled createdAt } } scopes { name description requiresRole } }'],
  [
    'query ($first: Int! = 2) { accounts(first: $first) { nodes { id grants { nodes { id } } } pageInfo { endCursor } } }',
  ],
  ['query ($first: Int! = 2) { accounts(first: $first) { nodes { email } } }', { first: 1 }],
  ['query ($first: Int! = 2) { accounts(first: $first) { nodes { email } } }', { first: 1_000 }],
  ['{ accounts(first: 0) { nodes { email } } viewer { subject } }'],
  ['query ($after: String) { accounts(after: $after) { edges { cursor node { email } } } }', { after: 'no cursor' }],
  ['query ($id: ID!) { account(id: $id) { email roles } }'],
  ['{ account(id: "none") { email } viewer { subject } }'],
  ['{ applications { nodes { id name clientId scopes } } }'],
  [
    'query ($clientId: String) { application(clientId: $clientId) { name grants { nodes { id } } } }',
    { clientId: 'x' },
  ],
  ['{ application { name } }'],
  ['{ grants { nodes { id scopes application { name } account { email } } } }'],
  ['{ auditEvents(first: 5) { nodes { type coordinate } } }'],
  ['{ auditActivity(since: "2025-01-30T00:00:00Z", buckets: 3) { __typename } }'],
  ['{ auditActivity(since: "2015-01-30T00:00:00Z", until: "2025-01-30T00:00:00Z") { __typename } }'],
  ['query ($since: DateTime!) { auditActivity(since: $since) { __typename } }', { since: '2025-01-30T00:00:00Z' }],
  ['{ signingKeys { nodes { kid alg state } } }'],
  ['query ($id: ID!) { node(id: $id) { id ... on Account { email } ... on Grant { scopes } } }'],
  ['{ node(id: "QWNjb3VudDp4") { id __typename } }'],
  ['{ schemaRules(first: 3) { nodes { coordinate source words decision } endCursor } }'],
  ['{ explainOperation(document: "{ viewer { account { email } } }") { outcome leastScopes elements { decision } } }'],
  ['{ explainOperation(document: "{ nothing }") { outcome code faults { message line column } } }'],
  [
    `query ($values: String) {
      explainOperation(document: "query ($id: ID!) { account(id: $id) { id } }", variables: $values) { outcome code }
    }`,
    { values: '{"id":"1"}' },
  ],
  [
    `{ ...A ...B } fragment A on Query { viewer { subject } } fragment B on Query { viewer { ...C } }
     fragment C on Viewer { account { id } }`,
  ],
  [getIntrospectionQuery()],
];

onEachDatabase((database) => {
  it('the answer to each query of the API is the answer of Apollo Server', async (test) => {
    const { store, guarded, clock } = await openApi(test, { operations: policy, database });
    const ada = await addAccount(store, 'ada@example.com', 'administrator');
    const bob = await addAccount(store, 'bob@example.com');
    const application = await addApplication(store, { registeredBy: ada.id });
    await addGrant(store, 'g1', bob.id, application.id, clock.now);
    const callers = {
      nobody,
      bob: person(bob.id, 'profile', 'grants'),
      ada: person(ada.id, 'profile', 'grants', 'accounts', 'applications', 'audit', 'keys'),
      stranger: person(null, 'profile', 'grants', 'accounts'),
      service: applicationAlone('accounts', 'applications'),
    };
    const both = await bothPaths({ guarded });
    const statuses: Record<number, number> = {};
    for (const [caller, principal] of Object.entries(callers)) {
      for (const [query, variables] of queries) {
        const sent = { id: toGlobalId('Account', bob.id), ...variables };
        const request = { query, variables: sent, context: () => ({ principal, address: '192.0.2.1' }) };
        const expected = await both.byApollo(request);
        if (expected.status === 401 || expected.status === 403) both.known.remember(query, parse(query));
        assert.deepEqual(await both.byKnown(request), expected, `${caller}: ${query}`);
        statuses[expected.status] = (statuses[expected.status] ?? 0) + 1;
      }
    }
    test.diagnostic(JSON.stringify(statuses));
    assert.ok((statuses[200] ?? 0) > 60 && (statuses[401] ?? 0) > 0 && (statuses[403] ?? 0) > 0);
  });
});
