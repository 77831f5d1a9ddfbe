import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { parse, subscribe } from 'graphql';
import { toGlobalId } from '../../../src/api/relay/global-id.ts';
import type { Module } from '../../../src/api/module.ts';
import { exampleQuery, ownNames } from '../../../src/api/names/own-names.ts';
import { createApiSchema } from '../../../src/api/schema.ts';
import { StartError } from '../../../src/errors.ts';
import { oauthError } from '../../../src/exchange/oauth-error.ts';
import { addAccount, addApplication, addGrant, catalogue, codesOf, noExchange, openApi, person } from '../fixture.ts';
import { inNames } from './renamed.ts';

const prefix = 'Claimgate';
const identityApi = { prefix };
const names = ownNames(identityApi, { keepsNode: false, hasRecords: true });
const tokenMutations = ['beginAuthorization', 'exchangeAuthorizationCode', 'refreshAccessToken', 'revokeToken'];

/** The schema of a team that already uses the names of the identity API and a directive `@auth`. */
const typeDefs = `
    directive @auth(rules: [AuthRule!]!) on OBJECT | FIELD_DEFINITION
    input AuthRule { allow: String! }
    scalar DateTime
    interface Node { id: ID! }
    type PageInfo { hasNextPage: Boolean! }
    type Scope { name: String! }
    type Viewer { id: ID! account: Account }
    type Account implements Node @auth(rules: [{ allow: "owner" }]) @claims(scope: "accounts") { id: ID! balance: Int! openedAt: DateTime }
    type AccountConnection { nodes: [Account!]! pageInfo: PageInfo! }
    type Application implements Node { id: ID! product: String! }
    type Grant { id: ID! amount: Int! }
    input CreateAccountInput { balance: Int! }
    type Query {
      viewer: Viewer @claims
      node(id: ID!): Node @claims
      account(id: ID!): Account @claims
      accounts: AccountConnection @claims
      applications: [Application!]! @public
      grants: [Grant!]! @claims
      scopes: [Scope!]! @public
      mine(accountId: ID!): Int @claims(owner: "$accountId")
    }
    type Mutation { createAccount(input: CreateAccountInput!): Account @claims(scope: "accounts") }
    type Subscription { auditEvents: Int @claims }
  `;

const bank: Module = {
  name: 'bank',
  typeDefs,
  resolvers: {
    Query: {
      account: () => ({ id: 'a', balance: 5 }),
      node: () => ({ __typename: 'Application', id: 'loan', product: 'Loan' }),
      applications: () => [{ id: 'loan', product: 'Loan' }],
      mine: () => 1,
    },
    Subscription: {
      auditEvents: {
        async *subscribe() {
          yield { auditEvents: 1 };
        },
      },
    },
  },
};

/** Opens an API whose names have a prefix. Ada and Bob each have an application and a grant. */
async function openRenamed(t: TestContext, modules: readonly Module[] = [bank]) {
  const api = await openApi(t, { identityApi, directives: { auth: 'claims' }, modules });
  const ada = await addAccount(api.store, 'ada@example.com');
  const bob = await addAccount(api.store, 'bob@example.com');
  const adas = await addApplication(api.store, { registeredBy: ada.id });
  const bobs = await addApplication(api.store, { registeredBy: bob.id });
  await addGrant(api.store, 'a', ada.id, bobs.id);
  await addGrant(api.store, 'b', bob.id, adas.id);
  const asked: typeof api.ask = (principal, source, variables) => api.ask(principal, inNames(names, source), variables);
  return { ...api, asked, ada, bob, adas, bobs };
}

function faultsOf(options: Parameters<typeof createApiSchema>[0]): readonly string[] {
  try {
    createApiSchema(options);
  } catch (error) {
    assert.ok(error instanceof StartError, String(error));
    return error.faults;
  }
  return [];
}

async function refused(opening: Promise<unknown>): Promise<readonly string[]> {
  const thrown = await opening.then(
    () => null,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof StartError, String(thrown));
  return thrown.faults;
}

describe('G-12 the identity API under other names', () => {
  it('G-12 works together with a team’s schema that has the usual names', async (t) => {
    const { schema, ask, ada } = await openRenamed(t);
    const fieldsOf = (type: ReturnType<typeof schema.getQueryType>) => Object.keys(type?.getFields() ?? {});
    const foreign = [...fieldsOf(schema.getQueryType()), ...fieldsOf(schema.getMutationType())]
      .filter((name) => !name.startsWith('claimgate'))
      .toSorted();
    const theirs = [
      'viewer',
      'node',
      'account',
      'accounts',
      'applications',
      'grants',
      'scopes',
      'mine',
      'createAccount',
    ];
    assert.deepEqual(foreign, [...theirs, ...tokenMutations].toSorted());
    assert.deepEqual(fieldsOf(schema.getSubscriptionType()), ['claimgateAuditEventAdded', 'auditEvents']);
    const { data, errors } = await ask(
      person(ada.id, 'profile'),
      `{ applications { product } node(id: "1") { __typename } account(id: "1") { balance }
         claimgateViewer { account { __typename email createdAt } } claimgateScopes { __typename } }`,
    );
    assert.deepEqual(codesOf({ data, errors }), ['FORBIDDEN']); // The team's Account requires `accounts`.
    assert.deepEqual(data.applications, [{ product: 'Loan' }]);
    assert.deepEqual(data.node, { __typename: 'Application' });
    assert.equal(data.account, null);
    assert.equal(data.claimgateScopes[0].__typename, 'ClaimgateScope');
    assert.deepEqual(data.claimgateViewer.account, {
      __typename: 'ClaimgateAccount',
      email: 'ada@example.com',
      createdAt: '1970-01-01T00:00:01.000Z',
    });
  });

  it('G-12 shows each record to the same callers, by every kind of path', async (t) => {
    const { asked, ada, bob, adas, bobs } = await openRenamed(t);
    const ids = {
      account: [ada.id, bob.id].map((id) => toGlobalId('ClaimgateAccount', id)),
      application: [adas.id, bobs.id].map((id) => toGlobalId('ClaimgateApplication', id)),
      grant: ['a', 'b'].map((id) => toGlobalId('ClaimgateGrant', id)),
    };
    const query = 'query ($id: ID!) { node(id: $id) { id __typename } }';
    const all = ['account', 'application', 'grant'] as const;
    for (const [scope, seesOwn, seesAll] of [
      ['profile', ['account'], false],
      ['applications', ['application'], false],
      ['grants', ['grant'], false],
      ['accounts', all, true],
      ['audit', [], false],
    ] as const) {
      for (const kind of all) {
        const found = [];
        for (const id of ids[kind]) {
          const { data, errors } = await asked(person(ada.id, scope), query, { id });
          assert.deepEqual(errors, [], `${scope} ${kind}`);
          found.push(data.node !== null);
        }
        assert.deepEqual(found, [seesOwn.some((own) => own === kind), seesAll], `${scope} ${kind}`);
      }
    }
    const [, other = ''] = ids.application;
    const change = 'mutation ($id: ID!) { deleteApplication(input: { id: $id }) { application { name } } }';
    assert.deepEqual(codesOf(await asked(person(ada.id, 'applications'), change, { id: other })), ['NOT_FOUND']);
    assert.deepEqual(codesOf(await asked(person(ada.id, 'profile'), change, { id: other })), ['FORBIDDEN']);
    const lists =
      '{ applications { nodes { id } } grants { nodes { id application { __typename id registeredBy { id } } } } }';
    const { data, errors } = await asked(person(ada.id, 'applications', 'grants'), lists);
    assert.deepEqual([data.applications.nodes, data.grants.nodes[0].id], [[{ id: ids.application[0] }], ids.grant[0]]);
    // The grant lets its person read the application. Only administrators may read who registered the application.
    assert.deepEqual(data.grants.nodes[0].application, {
      __typename: 'ClaimgateApplication',
      id: other,
      registeredBy: null,
    });
    assert.deepEqual(codesOf({ data, errors }), ['FORBIDDEN']);
  });

  it('G-12 a global ID names its own type, and errors name the type that they expect', async (t) => {
    const { asked, ask, ada } = await openRenamed(t);
    const mine = toGlobalId('ClaimgateAccount', ada.id);
    const query = 'query ($id: ID!) { account(id: $id) { id } }';
    assert.deepEqual((await asked(person(ada.id, 'accounts'), query, { id: mine })).data, { account: { id: mine } });
    const wrong = await asked(person(ada.id, 'accounts'), query, { id: toGlobalId('Account', ada.id) });
    assert.equal(wrong.errors[0]?.message, 'id: expected the id of a ClaimgateAccount.');
    const owned = 'query ($id: ID!) { mine(accountId: $id) }';
    for (const [id, allowed] of [
      [mine, true],
      [ada.id, true],
      [toGlobalId('Account', ada.id), false],
      [toGlobalId('ClaimgateGrant', ada.id), false],
    ] as const) {
      assert.equal((await ask(person(ada.id), owned, { id })).data?.mine ?? null, allowed ? 1 : null);
    }
  });

  it('G-12 reads many rows in as few statements as under the usual names', async (t) => {
    const { asked, statements, store, ada, bobs } = await openRenamed(t);
    const query = '{ accounts { nodes { email grants { nodes { account { email } application { name } } } } } }';
    const counts: number[] = [];
    for (const more of [0, 5]) {
      for (let index = 0; index < more; index += 1) {
        const { id } = await addAccount(store, `${index}@example.com`);
        await addGrant(store, `${index}`, id, bobs.id);
      }
      const { data, errors } = await asked(person(ada.id, 'accounts'), query);
      assert.deepEqual([errors, data.accounts.nodes.length], [[], 2 + more]);
      counts.push(statements.length);
    }
    assert.deepEqual(counts, [4, 4]);
  });

  it('G-12 records changes and denials by the names of the schema', async (t) => {
    const { asked, store, recorder, ada, bob } = await openRenamed(t);
    const id = toGlobalId('ClaimgateAccount', bob.id);
    const change = 'mutation ($id: ID!) { disableAccount(input: { id: $id }) { account { disabled } } }';
    assert.deepEqual(codesOf(await asked(person(ada.id, 'profile'), change, { id })), ['FORBIDDEN']);
    await addAccount(store, 'root@example.com', 'administrator');
    assert.deepEqual((await asked(person(ada.id, 'accounts'), change, { id })).errors, []);
    const read = await asked(person(ada.id, 'accounts'), 'query ($id: ID!) { node(id: $id) { id } }', { id });
    assert.deepEqual(read.errors, []);
    await recorder.flush();
    const rows = await store.selectFrom('audit_events').select(['type', 'coordinate', 'rule', 'detail']).execute();
    const told = rows.map(({ type, coordinate }) => `${type} ${coordinate}`).toSorted();
    assert.deepEqual(told, [
      'account_disabled Mutation.claimgateDisableAccount',
      'administration Mutation.claimgateDisableAccount',
      'administration Query.claimgateNode',
      'denial Mutation.claimgateDisableAccount',
    ]);
    const byNode = rows.find(({ coordinate }) => coordinate === 'Query.claimgateNode');
    assert.deepEqual([byNode?.rule, byNode?.detail], ['ClaimgateAccount', 'ClaimgateAccount by the scope accounts']);
  });

  it('G-12 gives audit events over the renamed subscription, to the same callers', async (t) => {
    const { schema, recorder, everySecond } = await openRenamed(t);
    const document = parse('subscription { claimgateAuditEventAdded { __typename type } }');
    const begin = (...scopes: string[]) =>
      subscribe({ schema, document, contextValue: { principal: person('1', ...scopes), address: '192.0.2.1' } });
    const denied = await begin('accounts');
    assert.ok('errors' in denied);
    assert.equal(denied.errors?.[0]?.extensions['code'], 'FORBIDDEN');
    const events = await begin('audit');
    assert.ok(Symbol.asyncIterator in events);
    const next = events.next();
    for (const work of everySecond) work();
    const blank = { coordinate: null, rule: null, accountId: null, clientId: null, detail: null };
    await recorder.write({ type: 'sign_in', outcome: 'allowed', ...blank });
    const { value } = await next;
    assert.deepEqual(JSON.parse(JSON.stringify(value?.data)), {
      claimgateAuditEventAdded: { __typename: 'ClaimgateAuditEvent', type: 'SIGN_IN' },
    });
    await events.return?.(undefined);
  });

  it('G-12 node keeps its name if a module adds types to it', async (t) => {
    const typeDefs = 'type Account implements Node { id: ID!  balance: Int! }';
    const nodes = { Account: (id: string) => ({ id: toGlobalId('Account', id), balance: Number(id) }) };
    const { ask, ada } = await openRenamed(t, [{ name: 'bank', typeDefs, nodes }]);
    const own = toGlobalId('ClaimgateAccount', ada.id);
    const { data, errors } = await ask(
      person(ada.id, 'profile'),
      `{ a: node(id: "${toGlobalId('Account', '7')}") { __typename id } b: node(id: "${own}") { __typename id } }`,
    );
    assert.deepEqual(errors, []);
    assert.deepEqual(data.a, { __typename: 'Account', id: toGlobalId('Account', '7') });
    assert.deepEqual(data.b, { __typename: 'ClaimgateAccount', id: own });
  });

  it('G-12 gives advice to a team whose schema has the same names', async (t) => {
    const typeDefs = `
      interface Node { id: ID! }
      type Account implements Node { id: ID!  balance: Int }
      type Query { node(id: ID!): Node @auth  account(id: ID!): Account @auth }
    `;
    const resolvers = { Query: { node: () => null } };
    const faults = await refused(openApi(t, { modules: [{ name: 'bank', typeDefs, resolvers }] }));
    assert.equal(
      faults.at(-1),
      'Node.id, Account.id, Query.node, Query.account: Claimgate defines the same; to keep yours, give the names of Claimgate a prefix, such as ' +
        'identityApi: { prefix: "Claimgate" } in the configuration file, or leave its identity API out by identityApi: false; to use node of Claimgate, ' +
        'take yours out, and give the module nodes: { Order: (id, context) => order }',
    );
  });

  it('G-12 gives no advice to rename if a fault only concerns a type of Claimgate', async (t) => {
    const typeDefs = `
      type Order implements Node { id: Int! }
      type Query { order: Order @auth }  type Mutation { mine: Account @auth }
    `;
    const faults = await refused(openApi(t, { modules: [{ name: 'shop', typeDefs }] }));
    const { length } = faults.filter((fault) => fault.includes('(modules "') && fault.includes('"shop"'));
    assert.ok(length > 0, faults.join('\n'));
    assert.doesNotMatch(faults.join('\n'), /Claimgate defines the same/);
  });

  it('G-12 reports names that collide with the prefix or with a token mutation', async (t) => {
    const typeDefs = 'type Query { claimgateScopes: Int @public }  type Mutation { revokeToken: Int @public }';
    const options = { identityApi, modules: [{ name: 'bank', typeDefs }] };
    const faults = await refused(openApi(t, options));
    assert.deepEqual(faults.slice(-2), [
      'Mutation.revokeToken: the token mutations keep their names; give yours another name',
      'Query.claimgateScopes: Claimgate defines the same; to keep yours, choose another prefix than identityApi: { prefix: "Claimgate" } in the ' +
        'configuration file, or leave its identity API out by identityApi: false',
    ]);
  });
});

describe('G-12 the printed example', () => {
  it('G-12 is a valid query of the schema', () => {
    assert.equal(exampleQuery(true, 'scopes', 'name'), '{ scopes { name } }');
    assert.equal(exampleQuery(identityApi, 'scopes', 'name'), '{ claimgateScopes { name } }');
    assert.equal(exampleQuery(false, 'scopes', 'name'), '{ __typename }');
  });
});

describe('G-12 without the identity API', () => {
  const plain: Module = { ...bank, typeDefs: typeDefs.replaceAll('@claims', '@guard') };

  it('G-12 only the token mutations remain', async (t) => {
    const called: string[] = [];
    const exchange = {
      ...noExchange,
      exchangeAuthorizationCode: async (_caller: unknown, { clientId }: { clientId: string }) => {
        called.push(clientId);
        return { ok: false, error: oauthError('invalid_grant') } as const;
      },
    };
    const api = await openApi(t, { identityApi: false, directives: { auth: 'guard' }, modules: [plain], exchange });
    const { schema, ask, store } = api;
    assert.deepEqual(
      Object.keys(schema.getMutationType()?.getFields() ?? {}).toSorted(),
      [...tokenMutations, 'createAccount'].toSorted(),
    );
    assert.equal(schema.getType('SigningKey'), undefined);
    assert.equal(schema.getType('AccountEdge'), undefined);
    const application = await addApplication(store);
    const input = {
      client: { clientId: application.id, code: 'c', codeVerifier: 'v', redirectUri: 'https://app.example/' },
    };
    const { data, errors } = await ask(
      person('1'),
      'mutation ($input: ExchangeAuthorizationCodeInput!) { exchangeAuthorizationCode(input: $input) { ... on OAuthError { error } } }',
      { input },
    );
    assert.deepEqual([errors, data], [[], { exchangeAuthorizationCode: { error: 'invalid_grant' } }]);
    assert.deepEqual(called, [application.id]);
  });

  it('G-12 a team’s type with the name of a record is not a record', async (t) => {
    const options = { identityApi: false, directives: { auth: 'guard' }, modules: [plain] } as const;
    const { ask, recorder, store } = await openApi(t, options);
    const accounts = await ask(person('1', 'accounts'), '{ account(id: "1") { balance } }');
    assert.deepEqual(accounts, { data: { account: { balance: 5 } }, errors: [] });
    await recorder.flush();
    const rows = await store.selectFrom('audit_events').select(['coordinate', 'rule', 'detail']).execute();
    // The team's rule on its type requires a scope that needs a role. The audit trail records this use.
    assert.deepEqual(
      rows.map(({ coordinate, rule, detail }) => [coordinate, rule, detail]),
      [['Query.account', 'Account', '@guard(scope: "accounts")']],
    );
  });

  it('G-12 node exists if a module has nodes, only for the types of the module', async (t) => {
    const shop: Module = {
      name: 'shop',
      typeDefs: 'type Account implements Node { id: ID! }',
      nodes: { Account: (id) => ({ id }) },
    };
    const { ask, store, schema } = await openApi(t, { identityApi: false, modules: [shop] });
    const { id } = await addAccount(store, 'ada@example.com');
    assert.deepEqual(Object.keys(schema.getQueryType()?.getFields() ?? {}), ['node']);
    const query = 'query ($id: ID!) { node(id: $id) { __typename } }';
    const own = await ask(person(id, 'accounts'), query, { id: toGlobalId('Account', id) });
    assert.deepEqual(own, { data: { node: { __typename: 'Account' } }, errors: [] });
    assert.deepEqual((await ask(person(id, 'grants'), query, { id: toGlobalId('Grant', 'a') })).data, { node: null });
  });

  it('G-12 a schema without any query is a start fault that says what is missing', () => {
    assert.deepEqual(faultsOf({ catalogue, identityApi: false }), [
      'schema: Query root type must be provided.',
      'identityApi=false: leaves no query of Claimgate; give a module with a field of Query, or leave identityApi out',
    ]);
  });

  it('G-12 with a foreign issuer, viewer and scopes are left out or have the prefix', () => {
    const typeDefs = 'type Query { viewer: String @auth }';
    const modules = [{ name: 'shop', typeDefs }];
    const rootsOf = (options: Omit<Parameters<typeof createApiSchema>[0], 'catalogue'>) =>
      Object.keys(
        createApiSchema({ catalogue, ...options })
          .schema.getQueryType()
          ?.getFields() ?? {},
      );
    assert.deepEqual(rootsOf({ modules, identityApi: false }), ['viewer']);
    assert.deepEqual(rootsOf({ modules, identityApi }), ['claimgateViewer', 'claimgateScopes', 'viewer']);
  });
});
