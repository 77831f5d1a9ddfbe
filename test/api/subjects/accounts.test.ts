import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { authenticate } from '../../../src/identity/accounts/accounts.ts';
import { listAuditEvents } from '../../../src/audit/trail.ts';
import { addAccount, addApplication, addGrant, applicationAlone, codesOf, openApi, person } from '../fixture.ts';

const globalId = (text: string) => Buffer.from(text).toString('base64url');
const everythingElse = ['profile', 'applications', 'grants', 'audit', 'keys'];

/** Opens an API with an administrator who calls it. */
async function openAdministration(t: TestContext) {
  const api = await openApi(t);
  const ada = await addAccount(api.store, 'ada@example.com', 'administrator');
  const eve = await addAccount(api.store, 'eve@example.com');
  const events = async () =>
    (await listAuditEvents(api.store, {}, { first: 9, after: null })).items
      .filter(({ type }) => type !== 'administration')
      .map(({ type, coordinate, accountId, detail }) => ({ type, coordinate, accountId, detail }));
  return { ...api, ada, eve, administrator: person(ada.id, 'accounts'), events };
}

const fields = 'account { id email roles disabled }';
const mutations = {
  createAccount: `mutation ($input: CreateAccountInput!) { createAccount(input: $input) { ${fields} password } }`,
  disableAccount: `mutation ($input: DisableAccountInput!) { disableAccount(input: $input) { ${fields} } }`,
  enableAccount: `mutation ($input: EnableAccountInput!) { enableAccount(input: $input) { ${fields} } }`,
  setAccountRoles: `mutation ($input: SetAccountRolesInput!) { setAccountRoles(input: $input) { ${fields} } }`,
  setAccountPassword: `mutation ($input: SetAccountPasswordInput!) { setAccountPassword(input: $input) { ${fields} } }`,
} as const;

const inputs: Record<keyof typeof mutations, object> = {
  createAccount: { email: 'new@example.com' },
  disableAccount: { id: globalId('Account:x') },
  enableAccount: { id: globalId('Account:x') },
  setAccountRoles: { id: globalId('Account:x'), roles: [] },
  setAccountPassword: { id: globalId('Account:x'), password: 'correct horse battery' },
};

describe('accounts', () => {
  it('are listed newest first, page by page, or found by the address', async (t) => {
    const { ask, store, administrator } = await openAdministration(t);
    await store.updateTable('accounts').set({ created_at: 2_000 }).where('email', '=', 'ada@example.com').execute();
    const query = `query ($after: String, $email: String) {
      accounts(first: 1, after: $after, email: $email) { nodes { email roles disabled createdAt } pageInfo { hasNextPage endCursor } } }`;
    const first = (await ask(administrator, query)).data.accounts;
    assert.deepEqual(first.nodes, [
      { email: 'ada@example.com', roles: ['administrator'], disabled: false, createdAt: '1970-01-01T00:00:02.000Z' },
    ]);
    assert.equal(first.pageInfo.hasNextPage, true);
    const second = (await ask(administrator, query, { after: first.pageInfo.endCursor })).data.accounts;
    assert.deepEqual([second.nodes[0].email, second.pageInfo.hasNextPage], ['eve@example.com', false]);
    const found = (await ask(administrator, query, { email: 'EVE@example.com' })).data.accounts;
    assert.deepEqual(found.nodes.length === 1 && found.nodes[0].email, 'eve@example.com');
    assert.deepEqual((await ask(administrator, query, { email: 'eve@example' })).data.accounts.nodes, []);
  });

  it('and their mutations need the scope accounts', async (t) => {
    const { ask, eve } = await openAdministration(t);
    const queries = [
      '{ accounts { nodes { email } } }',
      `{ account(id: "${globalId(`Account:${eve.id}`)}") { email } }`,
    ];
    for (const principal of [person(eve.id, ...everythingElse), applicationAlone(...everythingElse)]) {
      for (const query of queries) assert.deepEqual(codesOf(await ask(principal, query)), ['FORBIDDEN']);
      for (const [name, mutation] of Object.entries(mutations)) {
        const answer = await ask(principal, mutation, { input: inputs[name as keyof typeof mutations] });
        assert.deepEqual(codesOf(answer), ['FORBIDDEN'], name);
      }
    }
  });

  it('show their grants and applications to administrators only', async (t) => {
    const { ask, eve } = await openAdministration(t);
    for (const list of ['grants', 'applications']) {
      const query = `{ viewer { account { ${list} { nodes { id } } } } }`;
      assert.deepEqual(codesOf(await ask(person(eve.id, ...everythingElse), query)), ['FORBIDDEN']);
    }
  });

  it('need as many statements for many rows as for few', async (t) => {
    const { ask, store, statements, administrator } = await openAdministration(t);
    const query = `{ accounts(first: 50) { nodes { email
      grants(first: 10) { nodes { application { name registeredBy { email } } } }
      applications(first: 10) { nodes { name grants(first: 2) { nodes { account { email } } } } } } } }`;
    const counts: number[] = [];
    for (const more of [1, 40]) {
      for (let index = 0; index < more; index += 1) {
        const { id } = await addAccount(store, `${more}-${index}@example.com`);
        const application = await addApplication(store, { registeredBy: id });
        for (let grant = 0; grant < 3; grant += 1) await addGrant(store, `${id}-${grant}`, id, application.id);
      }
      const { data, errors } = await ask(administrator, query);
      assert.deepEqual(errors, []);
      assert.equal(data.accounts.nodes.length, 2 + (more === 1 ? 1 : 41));
      counts.push(statements.length);
    }
    assert.equal(counts[0], counts[1]);
    assert.ok((counts[0] ?? 0) <= 7, `${counts[0]} statements`);
  });
});

describe('account', () => {
  it('returns one account, or NOT_FOUND', async (t) => {
    const { ask, eve, administrator } = await openAdministration(t);
    const query = 'query ($id: ID!) { account(id: $id) { email } }';
    const { data } = await ask(administrator, query, { id: globalId(`Account:${eve.id}`) });
    assert.deepEqual(data.account, { email: 'eve@example.com' });
    assert.deepEqual(codesOf(await ask(administrator, query, { id: globalId('Account:x') })), ['NOT_FOUND']);
    assert.deepEqual(codesOf(await ask(administrator, query, { id: globalId('Grant:x') })), ['BAD_USER_INPUT']);
  });
});

describe('createAccount', () => {
  it('generates a password and returns it once', async (t) => {
    const { ask, store, ada, administrator, events } = await openAdministration(t);
    const input = { email: ' Grace@Example.com', roles: ['administrator', 'administrator'] };
    const { data, errors } = await ask(administrator, mutations.createAccount, { input });
    assert.deepEqual(errors, []);
    const { account, password } = data.createAccount;
    assert.deepEqual([account.email, account.roles, account.disabled], ['grace@example.com', ['administrator'], false]);
    const signedIn = await authenticate(store, 'grace@example.com', password);
    assert.equal(globalId(`Account:${signedIn?.id}`), account.id);
    assert.deepEqual(await events(), [
      {
        type: 'account_created',
        coordinate: 'Mutation.createAccount',
        accountId: ada.id,
        detail: `account ${signedIn?.id}, roles: administrator`,
      },
    ]);
    const everything = JSON.stringify(await store.selectFrom('audit_events').selectAll().execute());
    assert.ok(!everything.includes(password));
  });

  it('accepts a password as a variable, and returns none', async (t) => {
    const { ask, store, administrator } = await openAdministration(t);
    const input = { email: 'grace@example.com', password: 'correct horse battery' };
    const { data } = await ask(administrator, mutations.createAccount, { input });
    assert.equal(data.createAccount.password, null);
    assert.ok(await authenticate(store, input.email, input.password));
    const literal = await ask(
      administrator,
      'mutation { createAccount(input: { email: "x@example.com", password: "correct horse battery" }) { password } }',
    );
    assert.deepEqual(codesOf(literal), ['SENSITIVE_LITERAL']);
  });

  const faults: Record<string, [object, string, RegExp]> = {
    'an address that is taken, in any case': [{ email: 'EVE@example.com' }, 'CONFLICT', /^email: /],
    'no address': [{ email: 'eve' }, 'BAD_USER_INPUT', /^email: /],
    'an address with a line break': [{ email: 'e\nve@example.com' }, 'BAD_USER_INPUT', /^email: /],
    'an address with U+0000': [{ email: 'eve\0@example.com' }, 'BAD_USER_INPUT', /^email: /],
    'an address beyond all bounds': [{ email: `eve@${'x'.repeat(200)}` }, 'BAD_USER_INPUT', /^email: /],
    'a short password': [{ password: 'short' }, 'BAD_USER_INPUT', /^password: (?!.*short)/],
    'a password beyond all bounds': [{ password: 'x'.repeat(1025) }, 'BAD_USER_INPUT', /^password: /],
    'a role that no scope requires': [
      { roles: ['admin'] },
      'BAD_USER_INPUT',
      /"admin"; expected some of administrator\./,
    ],
    'a role named like a member of every object': [{ roles: ['__proto__'] }, 'BAD_USER_INPUT', /^roles: /],
  };
  for (const [name, [change, code, message]] of Object.entries(faults)) {
    it(`refuses ${name}`, async (t) => {
      const { ask, store, administrator } = await openAdministration(t);
      const answer = await ask(administrator, mutations.createAccount, {
        input: { email: 'n@example.com', ...change },
      });
      assert.deepEqual(codesOf(answer), [code]);
      assert.match(answer.errors[0]?.message ?? '', message);
      assert.equal((await store.selectFrom('accounts').select('id').execute()).length, 2);
    });
  }
});

describe('disableAccount, enableAccount, setAccountRoles, setAccountPassword', () => {
  it('change an account, and record it in the audit trail', async (t) => {
    const { ask, store, ada, eve, administrator, events } = await openAdministration(t);
    const id = globalId(`Account:${eve.id}`);
    const disabled = await ask(administrator, mutations.disableAccount, { input: { id } });
    assert.equal(disabled.data.disableAccount.account.disabled, true);
    const enabled = await ask(administrator, mutations.enableAccount, { input: { id } });
    assert.equal(enabled.data.enableAccount.account.disabled, false);
    const roles = await ask(administrator, mutations.setAccountRoles, { input: { id, roles: ['administrator'] } });
    assert.deepEqual(roles.data.setAccountRoles.account.roles, ['administrator']);
    const password = 'correct horse battery';
    const changed = await ask(administrator, mutations.setAccountPassword, { input: { id, password } });
    assert.deepEqual(changed.errors, []);
    assert.ok(await authenticate(store, eve.email, password));
    assert.deepEqual(
      (await events()).toReversed().map(({ type, accountId, detail }) => [type, accountId, detail]),
      [
        ['account_disabled', ada.id, `account ${eve.id}`],
        ['account_enabled', ada.id, `account ${eve.id}`],
        ['account_roles_changed', ada.id, `account ${eve.id}, roles: administrator`],
        ['password_changed', ada.id, `account ${eve.id}`],
      ],
    );
  });

  it('answer NOT_FOUND for an unknown account', async (t) => {
    const { ask, administrator } = await openAdministration(t);
    for (const [name, mutation] of Object.entries(mutations)) {
      if (name === 'createAccount') continue;
      const answer = await ask(administrator, mutation, { input: inputs[name as keyof typeof mutations] });
      assert.deepEqual(codesOf(answer), ['NOT_FOUND'], name);
    }
  });

  it('cannot take the role or the access of the last administrator', async (t) => {
    const { ask, ada, administrator, events } = await openAdministration(t);
    const id = globalId(`Account:${ada.id}`);
    assert.deepEqual(codesOf(await ask(administrator, mutations.disableAccount, { input: { id } })), ['CONFLICT']);
    const answer = await ask(administrator, mutations.setAccountRoles, { input: { id, roles: [] } });
    assert.deepEqual(codesOf(answer), ['CONFLICT']);
    assert.match(answer.errors[0]?.message ?? '', /last administrator/);
    assert.deepEqual(await events(), []);
  });

  it('show the change to later fields of the operation', async (t) => {
    const { ask, eve, administrator } = await openAdministration(t);
    const id = globalId(`Account:${eve.id}`);
    const { data } = await ask(
      administrator,
      `mutation { a: setAccountRoles(input: { id: "${id}", roles: [] }) { account { roles } }
        b: setAccountRoles(input: { id: "${id}", roles: ["administrator"] }) { account { roles grants { nodes { id } } } } }`,
    );
    assert.deepEqual(data.b.account, { roles: ['administrator'], grants: { nodes: [] } });
  });
});
