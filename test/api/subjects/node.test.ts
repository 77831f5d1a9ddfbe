import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { listAuditEvents } from '../../../src/audit/trail.ts';
import { addSigningKey, newSigningKey } from '../../../src/identity/keys/signing-keys.ts';
import type { Principal } from '../../../src/principal.ts';
import {
  addAccount,
  addApplication,
  addGrant,
  applicationAlone,
  codesOf,
  nobody,
  openApi,
  person,
} from '../fixture.ts';

const globalId = (text: string) => Buffer.from(text).toString('base64url');
const all = ['profile', 'applications', 'grants', 'accounts', 'audit', 'keys'];
const query = `query ($id: ID!) { node(id: $id) { __typename id
  ... on Account { email } ... on Application { name } ... on Grant { scopes } ... on AuditEvent { detail } } }`;

/** Makes one record of each type that Ada owns, and one that another person owns. */
async function openWorld(t: TestContext) {
  const api = await openApi(t);
  const ada = await addAccount(api.store, 'ada@example.com');
  const eve = await addAccount(api.store, 'eve@example.com');
  const adas = await addApplication(api.store, { name: 'Adas', registeredBy: ada.id });
  const eves = await addApplication(api.store, { name: 'Eves', registeredBy: eve.id });
  const nobodys = await addApplication(api.store, { name: 'Nobodys' });
  await addGrant(api.store, 'a', ada.id, eves.id);
  await addGrant(api.store, 'e', eve.id, adas.id);
  const blank = { coordinate: null, rule: null, accountId: null, clientId: null };
  await api.recorder.write({ type: 'sign_in', outcome: 'allowed', ...blank, detail: 'something' });
  const key = await newSigningKey('ES256', 0);
  await addSigningKey(api.store, key, null);
  const ids = {
    account: globalId(`Account:${ada.id}`),
    application: globalId(`Application:${adas.id}`),
    grant: globalId('Grant:a'),
    otherAccount: globalId(`Account:${eve.id}`),
    otherApplication: globalId(`Application:${eves.id}`),
    nobodysApplication: globalId(`Application:${nobodys.id}`),
    otherGrant: globalId('Grant:e'),
    event: globalId('AuditEvent:1'),
    key: globalId(`SigningKey:${key.kid}`),
  };
  const seen = async (principal: Principal) => {
    const found: string[] = [];
    for (const [name, id] of Object.entries(ids)) {
      const { data, errors } = await api.ask(principal, query, { id });
      assert.deepEqual(errors, [], name);
      if (data.node !== null) {
        assert.equal(data.node.id, id);
        found.push(name);
      }
    }
    return found;
  };
  return { ...api, ada, eve, ids, seen };
}

describe('node', () => {
  const cases: Record<string, [scopes: string[], sees: string[]]> = {
    'no scope': [[], []],
    'the scope profile': [['profile'], ['account']],
    'the scope applications': [['applications'], ['application']],
    'the scope grants': [['grants'], ['grant']],
    'the scope audit': [['audit'], ['event']],
    'the scope keys': [['keys'], ['key']],
    'every scope but accounts and audit': [
      ['profile', 'applications', 'grants', 'keys'],
      ['account', 'application', 'grant', 'key'],
    ],
    'the scope accounts': [
      ['accounts'],
      ['account', 'application', 'grant', 'otherAccount', 'otherApplication', 'nobodysApplication', 'otherGrant'],
    ],
  };
  for (const [name, [scopes, sees]] of Object.entries(cases)) {
    it(`B-3 with ${name}: ${sees.join(', ') || 'nothing'}`, async (t) => {
      const { seen, ada } = await openWorld(t);
      assert.deepEqual(await seen(person(ada.id, ...scopes)), sees);
    });
  }

  it('B-3 an application that acts for itself owns nothing, and neither does a person of another issuer', async (t) => {
    const { seen } = await openWorld(t);
    for (const principal of [applicationAlone('profile', 'applications', 'grants'), person(null, 'applications')]) {
      assert.deepEqual(await seen(principal), []);
    }
  });

  it("B-3 gives the same answer for another person's record, a missing one and an invalid ID", async (t) => {
    const { ask, ada, ids } = await openWorld(t);
    const principal = person(ada.id, 'profile', 'applications', 'grants');
    const none = { data: { node: null }, errors: [] };
    const hostile = [
      globalId('Account:none'),
      globalId('Grant:none'),
      globalId('AuditEvent:99'),
      globalId('AuditEvent:1 or 1=1'),
      globalId('AuditEvent:1e3'),
      globalId('Order:1'),
      globalId('constructor:1'),
      globalId('Account:\0'),
      globalId(`Account:${'a'.repeat(300)}`),
      '',
      '!!!',
      'a'.repeat(100_000),
    ];
    for (const id of [ids.otherAccount, ids.otherApplication, ids.otherGrant, ids.event, ...hostile]) {
      assert.deepEqual(await ask(principal, query, { id }), none, id.slice(0, 50));
    }
    for (const id of hostile) assert.deepEqual(await ask(person(ada.id, ...all), query, { id }), none, id.slice(0, 50));
  });

  it('B-1 needs an access token, and fields keep their rules', async (t) => {
    const { ask, ada, ids } = await openWorld(t);
    assert.deepEqual(codesOf(await ask(nobody, query, { id: ids.account })), ['UNAUTHENTICATED']);
    const fields = {
      account: '... on Account { grants { nodes { id } } }',
      application: '... on Application { grants { nodes { id } } }',
      grant: '... on Grant { account { email } }',
    };
    for (const [name, field] of Object.entries(fields)) {
      const document = `query ($id: ID!) { node(id: $id) { ...F } } fragment F on Node { __typename ${field} }`;
      const principal = person(ada.id, ...(name === 'grant' ? ['grants'] : ['profile', 'applications', 'grants']));
      const answer = await ask(principal, document, { id: ids[name as keyof typeof fields] });
      assert.deepEqual(codesOf(answer), ['FORBIDDEN'], name);
      assert.deepEqual(Object.values(answer.data.node)[1], null);
    }
  });

  it('of another person is recorded as administration, and of the caller is not', async (t) => {
    const { ask, store, recorder, ada, ids } = await openWorld(t);
    const principal = person(ada.id, ...all);
    const events = async () => {
      await recorder.flush();
      const { items } = await listAuditEvents(store, { coordinate: 'Query.node' }, { first: 9, after: null });
      return items.map(({ type, accountId, detail }) => ({ type, accountId, detail }));
    };
    for (const id of [ids.account, ids.application, ids.grant]) await ask(principal, query, { id });
    assert.deepEqual(await events(), []);
    await ask(principal, query, { id: ids.otherGrant });
    const event = { type: 'administration', accountId: ada.id, detail: 'Grant by the scope accounts' };
    assert.deepEqual(await events(), [event]);
  });

  it('needs as many statements for many records as for few', async (t) => {
    const { ask, store, statements, ada } = await openWorld(t);
    const principal = person(ada.id, 'accounts', 'audit');
    const counts: number[] = [];
    for (const count of [1, 5]) {
      const nodes: string[] = [];
      for (let index = 0; index < count; index += 1) {
        const { id } = await addAccount(store, `${count}-${index}@example.com`);
        const application = await addApplication(store, { registeredBy: id });
        await addGrant(store, `${count}-${index}`, id, application.id);
        nodes.push(`Account:${id}`, `Application:${application.id}`, `Grant:${count}-${index}`);
      }
      const document = `{ ${nodes.map((node, index) => `n${index}: node(id: "${globalId(node)}") { id }`).join('\n')} }`;
      const { data, errors } = await ask(principal, document);
      assert.deepEqual(errors, []);
      assert.equal(Object.values(data).filter(Boolean).length, 3 * count);
      counts.push(statements.length);
    }
    assert.deepEqual(counts, [3, 3]);
  });
});
