import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addAccount, addApplication, addGrant, codesOf, openApi, person } from '../fixture.ts';

const globalId = (text: string) => Buffer.from(text).toString('base64url');
const revoke = 'mutation ($id: ID!) { revokeGrant(input: { id: $id }) { grant { id scopes } } }';

describe('grants', () => {
  it("are the caller's own", async (t) => {
    const { ask, store } = await openApi(t);
    const ada = await addAccount(store, 'ada@example.com');
    const bob = await addAccount(store, 'bob@example.com');
    const application = await addApplication(store);
    await addGrant(store, 'a', ada.id, application.id);
    await addGrant(store, 'b', bob.id, application.id);
    const query = '{ grants { nodes { id scopes createdAt expiresAt application { clientId } account { email } } } }';
    const { data, errors } = await ask(person(ada.id, 'grants', 'profile'), query);
    assert.deepEqual(errors, []);
    assert.deepEqual(data.grants.nodes, [
      {
        id: globalId('Grant:a'),
        scopes: ['profile'],
        createdAt: '1970-01-01T00:00:01.000Z',
        expiresAt: '1970-01-01T00:16:41.000Z',
        application: { clientId: application.id },
        account: { email: 'ada@example.com' },
      },
    ]);
  });

  it('do not show the account to an application without the scope profile', async (t) => {
    const { ask, store } = await openApi(t);
    const ada = await addAccount(store, 'ada@example.com');
    await addGrant(store, 'a', ada.id, (await addApplication(store)).id);
    const answer = await ask(person(ada.id, 'grants'), '{ grants { nodes { scopes account { email } } } }');
    assert.deepEqual(answer.data.grants.nodes, [{ scopes: ['profile'], account: null }]);
    assert.deepEqual(codesOf(answer), ['FORBIDDEN']);
  });

  it('of an application are for administrators', async (t) => {
    const { ask, store } = await openApi(t);
    const ada = await addAccount(store, 'ada@example.com');
    const application = await addApplication(store, { registeredBy: ada.id });
    await addGrant(store, 'a', ada.id, application.id);
    const query = '{ applications { nodes { clientId grants { nodes { account { email } } } } } }';
    const denied = await ask(person(ada.id, 'applications', 'profile', 'grants'), query);
    assert.deepEqual(codesOf(denied), ['FORBIDDEN']);
    const allowed = await ask(person(ada.id, 'applications', 'accounts'), query);
    assert.deepEqual(allowed.data.applications.nodes[0].grants.nodes, [{ account: { email: 'ada@example.com' } }]);
  });

  it('need as many statements for many rows as for few', async (t) => {
    const { ask, store, statements } = await openApi(t);
    const admin = person('admin', 'applications', 'accounts');
    await store
      .insertInto('accounts')
      .values({
        id: 'admin',
        email: 'admin@example.com',
        password_hash: '',
        roles: '[]',
        created_at: 1,
        disabled_at: null,
      })
      .execute();
    const query = `{ applications(first: 50) { nodes { name grants(first: 10) { nodes { account { email } application { name } } } } } }`;
    const counts: number[] = [];
    for (let round = 0; round < 2; round += 1) {
      for (let index = 0; index < (round === 0 ? 1 : 49); index += 1) {
        const { id } = await addApplication(store, { registeredBy: 'admin', name: `${round}-${index}` });
        for (let grant = 0; grant < 3; grant += 1) {
          const person = await addAccount(store, `${id}-${grant}@example.com`);
          await addGrant(store, `${id}-${grant}`, person.id, id);
        }
      }
      const { data, errors } = await ask(admin, query);
      assert.deepEqual(errors, []);
      counts.push(statements.length);
      assert.equal(data.applications.nodes.length, round === 0 ? 1 : 50);
      assert.equal(data.applications.nodes.at(-1).grants.nodes.length, 3);
    }
    assert.deepEqual(counts, [4, 4]);
  });
});

describe('revokeGrant', () => {
  it('ends a grant of the caller', async (t) => {
    const { ask, store } = await openApi(t);
    const ada = await addAccount(store, 'ada@example.com');
    await addGrant(store, 'a', ada.id, (await addApplication(store)).id);
    const { data, errors } = await ask(person(ada.id, 'grants'), revoke, { id: globalId('Grant:a') });
    assert.deepEqual(errors, []);
    assert.deepEqual(data.revokeGrant.grant, { id: globalId('Grant:a'), scopes: ['profile'] });
    assert.deepEqual((await ask(person(ada.id, 'grants'), '{ grants { nodes { id } } }')).data.grants.nodes, []);
  });

  it("gives the same answer for another person's grant and for an unknown one, and changes nothing", async (t) => {
    const { ask, store } = await openApi(t);
    const ada = await addAccount(store, 'ada@example.com');
    const bob = await addAccount(store, 'bob@example.com');
    await addGrant(store, 'a', ada.id, (await addApplication(store)).id);
    const others = await ask(person(bob.id, 'grants'), revoke, { id: globalId('Grant:a') });
    const none = await ask(person(bob.id, 'grants'), revoke, { id: globalId('Grant:z') });
    assert.deepEqual(codesOf(others), ['NOT_FOUND']);
    assert.deepEqual(others, none);
    assert.equal((await ask(person(ada.id, 'grants'), '{ grants { nodes { id } } }')).data.grants.nodes.length, 1);
  });

  it('ends any grant with the scope accounts', async (t) => {
    const { ask, store } = await openApi(t);
    const ada = await addAccount(store, 'ada@example.com');
    await addGrant(store, 'a', ada.id, (await addApplication(store)).id);
    const { data, errors } = await ask(person('someone', 'accounts'), revoke, { id: globalId('Grant:a') });
    assert.deepEqual([data.revokeGrant.grant.scopes, errors], [['profile'], []]);
    assert.deepEqual((await ask(person(ada.id, 'grants'), '{ grants { nodes { id } } }')).data.grants.nodes, []);
  });

  it('shows the remaining grants to later fields of the operation', async (t) => {
    const { ask, store } = await openApi(t);
    const ada = await addAccount(store, 'ada@example.com');
    const application = await addApplication(store);
    await addGrant(store, 'a', ada.id, application.id);
    await addGrant(store, 'b', ada.id, application.id);
    const rest = '{ grant { application { grants { nodes { id } } } } }';
    const { data } = await ask(
      person(ada.id, 'grants', 'accounts'),
      `mutation { a: revokeGrant(input: { id: "${globalId('Grant:a')}" }) ${rest}
        b: revokeGrant(input: { id: "${globalId('Grant:b')}" }) ${rest} }`,
    );
    assert.deepEqual(data.a.grant.application.grants.nodes, [{ id: globalId('Grant:b') }]);
    assert.deepEqual(data.b.grant.application.grants.nodes, []);
  });

  it('refuses an ID that is not of a grant', async (t) => {
    const { ask } = await openApi(t);
    const hostile = [
      '',
      'a',
      'Grant:a',
      globalId('Account:a'),
      globalId('Grant:'),
      globalId('grant:a'),
      globalId('Grant:\0'),
      globalId('Grant:a b'),
      globalId(`Grant:${'a'.repeat(300)}`),
      `${globalId('Grant:ab')}=`,
      ` ${globalId('Grant:a')}`,
      globalId('constructor:a'),
      'a'.repeat(100_000),
    ];
    for (const id of hostile) {
      const answer = await ask(person('1', 'grants'), revoke, { id });
      assert.deepEqual(codesOf(answer), ['BAD_USER_INPUT'], id.slice(0, 50));
      assert.equal(answer.errors[0]?.message, 'id: expected the id of a Grant.');
    }
  });
});
