import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { getNamedType, isAbstractType, isObjectType } from 'graphql';
import { type OwnNames, ownNames } from '../../../src/api/names/own-names.ts';
import { toGlobalId } from '../../../src/api/relay/global-id.ts';
import type { RecordType } from '../../../src/api/records/records.ts';
import type { DirectiveNames } from '../../../src/auth/directive-names.ts';
import { coordinateIn, inNames } from '../names/renamed.ts';
import { addAccount, addApplication, addGrant, openApi, person } from '../fixture.ts';

type Api = Awaited<ReturnType<typeof openApi>>;

/** Names and directives that a server can configure. */
interface Variation {
  readonly prefix?: string;
  readonly directives?: DirectiveNames;
}

const usual: Variation = {};
const prefixed: Variation = { prefix: 'Claimgate', directives: { auth: 'claims' } };

/** Makes Ada, Bob, an application of Bob's, and Bob's grant to the application. */
async function inhabited(t: TestContext, { prefix, directives }: Variation = usual) {
  const opened = await openApi(t, { ...(prefix && { identityApi: { prefix } }), ...(directives && { directives }) });
  const names = ownNames(prefix ? { prefix } : true, { keepsNode: false, hasRecords: true });
  const ask: typeof opened.ask = (principal, source, variables) =>
    opened.ask(principal, inNames(names, source), variables);
  const api = { ...opened, ask };
  const idOf = (type: RecordType, id: string): string => toGlobalId(names.type(type), id);
  const ada = await addAccount(api.store, 'ada@example.com');
  const bob = await addAccount(api.store, 'bob@example.com');
  const application = await addApplication(api.store, { registeredBy: bob.id });
  const grant = { id: 'bobs-grant' };
  await addGrant(api.store, grant.id, bob.id, application.id);
  return { api, names, idOf, ada, bob, application, grant };
}
type Inhabited = Awaited<ReturnType<typeof inhabited>>;

/** Returns every field that returns a record of the identity API. */
function recordFields({ schema }: Pick<Api, 'schema'>, { recordOf }: OwnNames): readonly string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()).map((field) => ({ type, field })) : []))
    .filter(({ field }) => {
      const returned = getNamedType(field.type);
      const possible = isAbstractType(returned) ? schema.getPossibleTypes(returned) : [returned];
      return possible.some(({ name }) => recordOf(name) !== null);
    })
    .map(({ type, field }) => `${type.name}.${field.name}`)
    .sort((one, other) => (one < other ? -1 : 1));
}

const created = `mutation { createAccount(input: { email: "eve@example.com" }) { account { id } } }`;
const input = (id: string, more = '') => `(input: { id: "${id}"${more} })`;

/**
 * Has an entry for every field that returns a record. The operation reads another person's record through this field.
 * `scopes` are needed besides the scopes that open the record. `at` is where the audit trail records the use. A new
 * field without an entry here fails.
 */
const paths: Readonly<Record<string, (all: Inhabited) => { query: string; scopes?: readonly string[]; at?: string }>> =
  {
    'Viewer.account': () => ({ query: '{ viewer { account { id } } }', scopes: ['profile'], at: 'own' }),
    'Query.account': ({ idOf, bob }) => ({ query: `{ account(id: "${idOf('Account', bob.id)}") { id } }` }),
    'Query.node': ({ idOf, bob }) => ({ query: `{ node(id: "${idOf('Account', bob.id)}") { id } }` }),
    'AccountConnection.nodes': () => ({ query: '{ accounts { nodes { id } } }', at: 'Query.accounts' }),
    'AccountEdge.node': () => ({ query: '{ accounts { edges { node { id } } } }', at: 'Query.accounts' }),
    'AuditEvent.account': () => ({
      query: '{ auditEvents { nodes { account { id } } } }',
      scopes: ['audit', 'profile'],
    }),
    'AuditEventConnection.nodes': () => ({
      query: '{ auditEvents { nodes { id } } }',
      scopes: ['audit'],
      at: 'Query.auditEvents',
    }),
    'AuditEventEdge.node': () => ({
      query: '{ auditEvents { edges { node { id } } } }',
      scopes: ['audit'],
      at: 'Query.auditEvents',
    }),
    'Application.registeredBy': ({ application }) => ({
      query: `{ application(clientId: "${application.id}") { registeredBy { id } } }`,
      scopes: ['applications', 'profile'],
    }),
    'Query.application': ({ application }) => ({
      query: `{ application(clientId: "${application.id}") { id } }`,
      scopes: ['applications'],
    }),
    'ApplicationConnection.nodes': ({ idOf, bob }) => ({
      query: `{ account(id: "${idOf('Account', bob.id)}") { applications { nodes { id } } } }`,
      at: 'Account.applications',
    }),
    'ApplicationEdge.node': ({ idOf, bob }) => ({
      query: `{ account(id: "${idOf('Account', bob.id)}") { applications { edges { node { id } } } } }`,
      at: 'Account.applications',
    }),
    'Grant.account': ({ idOf, grant }) => ({
      query: `{ node(id: "${idOf('Grant', grant.id)}") { ... on Grant { account { id } } } }`,
      scopes: ['grants', 'profile'],
    }),
    'Grant.application': ({ idOf, grant }) => ({
      query: `{ node(id: "${idOf('Grant', grant.id)}") { ... on Grant { application { id } } } }`,
      scopes: ['applications'],
      at: 'Query.node',
    }),
    'GrantConnection.nodes': ({ idOf, bob }) => ({
      query: `{ account(id: "${idOf('Account', bob.id)}") { grants { nodes { id } } } }`,
      at: 'Account.grants',
    }),
    'GrantEdge.node': ({ idOf, bob }) => ({
      query: `{ account(id: "${idOf('Account', bob.id)}") { grants { edges { node { id } } } } }`,
      at: 'Account.grants',
    }),
    'SignInSessionConnection.nodes': () => ({
      query: '{ viewer { account { signInSessions { nodes { id } } } } }',
      scopes: ['profile', 'grants'],
      at: 'own',
    }),
    'SignInSessionEdge.node': () => ({
      query: '{ viewer { account { signInSessions { edges { node { id } } } } } }',
      scopes: ['profile', 'grants'],
      at: 'own',
    }),
    'SigningKeyConnection.nodes': () => ({
      query: '{ signingKeys { nodes { id } } }',
      scopes: ['keys'],
      at: 'Query.signingKeys',
    }),
    'SigningKeyEdge.node': () => ({
      query: '{ signingKeys { edges { node { id } } } }',
      scopes: ['keys'],
      at: 'Query.signingKeys',
    }),
    'CreateAccountPayload.account': () => ({ query: created, at: 'Mutation.createAccount' }),
    'DisableAccountPayload.account': ({ idOf, bob }) => ({
      query: `mutation { disableAccount${input(idOf('Account', bob.id))} { account { id } } }`,
      at: 'Mutation.disableAccount',
    }),
    'EnableAccountPayload.account': ({ idOf, bob }) => ({
      query: `mutation { enableAccount${input(idOf('Account', bob.id))} { account { id } } }`,
      at: 'Mutation.enableAccount',
    }),
    'SetAccountRolesPayload.account': ({ idOf, bob }) => ({
      query: `mutation { setAccountRoles${input(idOf('Account', bob.id), ', roles: []')} { account { id } } }`,
      at: 'Mutation.setAccountRoles',
    }),
    'SetAccountPasswordPayload.account': ({ idOf, bob }) => ({
      query: `mutation ($password: String!) { setAccountPassword${input(idOf('Account', bob.id), ', password: $password')} { account { id } } }`,
      at: 'Mutation.setAccountPassword',
    }),
    'UpdateApplicationPayload.application': ({ idOf, application }) => ({
      query: `mutation { updateApplication${input(idOf('Application', application.id))} { application { id } } }`,
      scopes: ['applications'],
    }),
    'DeleteApplicationPayload.application': ({ idOf, application }) => ({
      query: `mutation { deleteApplication${input(idOf('Application', application.id))} { application { id } } }`,
      scopes: ['applications'],
    }),
    'RotateSigningKeyPayload.signingKey': () => ({
      query: 'mutation { rotateSigningKey(input: {}) { signingKey { id } } }',
      scopes: ['keys'],
      at: 'Mutation.rotateSigningKey',
    }),
    'RevokeGrantPayload.grant': ({ idOf, grant }) => ({
      query: `mutation { revokeGrant${input(idOf('Grant', grant.id))} { grant { id } } }`,
      scopes: ['grants'],
    }),
  };

/**
 * Fields that return only the caller's own record, or that other tests cover. The rules of their type guard them, too.
 */
const elsewhere: readonly string[] = [
  'EndSignInSessionPayload.signInSession',
  'RegisterApplicationPayload.application',
  'RotateClientSecretPayload.application',
  'Subscription.auditEventAdded',
];

for (const [title, variation, directive] of [
  ['E-11 every path to a record of the identity API', usual, 'auth'],
  ['G-12 every path to a record, if names have a prefix', prefixed, 'claims'],
] as const) {
  describe(title, () => {
    const [id] = title.split(' ');

    it(`${id} is known, and its type has its own rule`, async (t) => {
      const { api, names } = await inhabited(t, variation);
      assert.deepEqual(
        recordFields(api, names),
        [...Object.keys(paths), ...elsewhere]
          .map((coordinate) => coordinateIn(names, coordinate))
          .sort((one, other) => (one < other ? -1 : 1)),
      );
      for (const type of Object.values(api.schema.getTypeMap()).filter(({ name }) => names.recordOf(name) !== null)) {
        const carried = type.astNode?.directives?.map(({ name }) => name.value) ?? [];
        assert.ok(carried.includes(directive), `${type.name} carries no @${directive}`);
      }
    });

    for (const [coordinate, pathOf] of Object.entries(paths)) {
      it(`${id} by ${coordinate} an administrative read is recorded, once`, async (t) => {
        const all = await inhabited(t, variation);
        const { query, scopes = [], at = coordinate } = pathOf(all);
        const { api, ada, bob, names } = all;
        // The event gives the caller an account to read.
        api.recorder.count({
          type: 'sign_in',
          outcome: 'allowed',
          coordinate: null,
          rule: null,
          accountId: bob.id,
          clientId: null,
          detail: null,
        });
        await api.recorder.flush();
        const opening = ['audit', 'keys'].some((scope) => scopes.includes(scope) && !scopes.includes('profile'));
        const caller = person(ada.id, ...scopes, ...(opening ? [] : ['accounts']));
        const { errors } = await api.ask(caller, query, { password: 'another long password' });
        assert.deepEqual(errors, []);
        await api.recorder.flush();
        const rows = await api.store
          .selectFrom('audit_events')
          .select(['coordinate', 'count'])
          .where('type', '=', 'administration')
          .execute();
        const found = rows.filter((row) => row.coordinate === coordinateIn(names, at)).map(({ count }) => count);
        assert.deepEqual(found, at === 'own' ? [] : [1], JSON.stringify(rows));
      });
    }
  });
}

describe('E-11 records that are not the caller’s own', () => {
  it('E-11 without the scope accounts, an event shows only the caller its account', async (t) => {
    const { api, ada, bob } = await inhabited(t);
    for (const { id } of [ada, bob]) {
      api.recorder.count({
        type: 'sign_in',
        outcome: 'allowed',
        coordinate: null,
        rule: null,
        accountId: id,
        clientId: null,
        detail: null,
      });
    }
    await api.recorder.flush();
    const query = '{ auditEvents(type: SIGN_IN) { nodes { account { email } } } }';
    const { data, errors } = await api.ask(person(ada.id, 'audit', 'profile'), query);
    const emails = data.auditEvents.nodes.map(
      ({ account }: { account: { email: string } | null }) => account?.email ?? null,
    );
    assert.deepEqual(new Set(emails), new Set(['ada@example.com', null]));
    assert.equal(emails.length, 2);
    assert.equal(errors.length, 1);
    assert.equal(errors[0]?.extensions?.['code'], 'FORBIDDEN');
  });

  it('E-11 a person can read an application only through the own grant to it', async (t) => {
    const { api, ada, application } = await inhabited(t);
    await addGrant(api.store, 'adas-grant', ada.id, application.id);
    const caller = person(ada.id, 'grants', 'applications');
    const { data, errors } = await api.ask(caller, '{ grants { nodes { application { name } } } }');
    assert.deepEqual(errors, []);
    assert.equal(data.grants.nodes.length, 1);
    const other = await api.ask(caller, `{ application(clientId: "${application.id}") { name } }`);
    assert.equal(other.errors[0]?.extensions?.['code'], 'NOT_FOUND');
  });
});
