import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { findApplicationWithSecret } from '../../../src/identity/applications/applications.ts';
import { secretMatches } from '../../../src/identity/keys/secrets.ts';
import type { Principal } from '../../../src/principal.ts';
import { addAccount, addApplication, addGrant, applicationAlone, codesOf, openApi, person } from '../fixture.ts';

const register = `mutation ($input: RegisterApplicationInput!) {
  registerApplication(input: $input) {
    application { id clientId name applicationType tokenEndpointAuthMethod redirectUris scopes createdAt }
    clientSecret
  }
}`;
const valid = {
  name: ' Ex\u0061mple ',
  redirectUris: ['https://app.example/callback'],
  applicationType: 'WEB',
  tokenEndpointAuthMethod: 'CLIENT_SECRET_BASIC',
};

describe('registerApplication', () => {
  it('registers in the name of the caller and shows the secret', async (t) => {
    const { ask, store } = await openApi(t);
    const { id } = await addAccount(store, 'ada@example.com');
    const { data, errors } = await ask(person(id, 'applications'), register, { input: valid });
    assert.deepEqual(errors, []);
    const { clientId, id: globalId, ...application } = data.registerApplication.application;
    assert.deepEqual(application, {
      name: 'Example',
      applicationType: 'WEB',
      tokenEndpointAuthMethod: 'CLIENT_SECRET_BASIC',
      redirectUris: ['https://app.example/callback'],
      scopes: ['profile', 'applications', 'grants'],
      createdAt: '2025-01-31T12:00:00.000Z',
    });
    assert.equal(Buffer.from(globalId, 'base64url').toString(), `Application:${clientId}`);
    const stored = await findApplicationWithSecret(store, clientId);
    assert.equal(stored?.application.registeredBy, id);
    assert.ok(secretMatches(data.registerApplication.clientSecret, stored?.secretHash ?? ''));
  });

  it('gives a public client no secret', async (t) => {
    const { ask, store } = await openApi(t);
    const { id } = await addAccount(store, 'ada@example.com');
    const input = {
      ...valid,
      tokenEndpointAuthMethod: 'NONE',
      applicationType: 'NATIVE',
      scopes: ['grants', 'grants'],
    };
    const { data } = await ask(person(id, 'applications'), register, { input });
    assert.equal(data.registerApplication.clientSecret, null);
    assert.deepEqual(data.registerApplication.application.scopes, ['grants']);
  });

  const faults: Record<string, [Record<string, unknown>, string]> = {
    'an empty name': [{ name: ' \n ' }, 'input.name:'],
    'a name of 101 characters': [{ name: 'x'.repeat(101) }, 'input.name:'],
    'a line break in the name': [{ name: 'a\nb' }, 'input.name:'],
    'a name that turns the text around it': [{ name: 'a\u202eb' }, 'input.name:'],
    'F-8 a name that looks like the server’s': [
      { name: 'ＣLAIМGATE'.replace('М', 'M') },
      'input.name: expected a name of its own',
    ],
    'half a surrogate pair': [{ name: 'a\ud800' }, 'input.name:'],
    'no redirect URI': [{ redirectUris: [] }, 'input.redirectUris:'],
    'the same redirect URI twice': [
      { redirectUris: ['https://a.example', 'https://a.example'] },
      'input.redirectUris:',
    ],
    'eleven redirect URIs': [
      { redirectUris: Array.from({ length: 11 }, (_, index) => `https://a.example/${index}`) },
      'input.redirectUris:',
    ],
    'a redirect URI beyond all bounds': [
      { redirectUris: [`https://a.example/${'x'.repeat(1000)}`] },
      'input.redirectUris[0]:',
    ],
    'a redirect URI with a line break': [
      { redirectUris: ['https://a.example', 'https://b.exam\nple'] },
      'input.redirectUris[1]:',
    ],
    'plain http': [{ redirectUris: ['http://a.example'] }, 'input.redirectUris[0]: a web application needs https.'],
    'a scope that requires a role': [{ scopes: ['profile', 'accounts'] }, 'input.scopes[1]: accounts requires a role'],
    'an unknown scope': [{ scopes: ['PROFILE'] }, 'input.scopes[0]: there is no scope "PROFILE".'],
    'a scope named like a member of every object': [{ scopes: ['__proto__'] }, 'input.scopes[0]: there is no scope'],
  };
  for (const [name, [change, message]] of Object.entries(faults)) {
    it(`refuses ${name}`, async (t) => {
      const { ask } = await openApi(t);
      const answer = await ask(person('1', 'applications'), register, { input: { ...valid, ...change } });
      assert.deepEqual(codesOf(answer), ['BAD_USER_INPUT']);
      assert.ok(answer.errors[0]?.message.startsWith(message), answer.errors[0]?.message);
    });
  }

  it('is only for people: an application alone is refused with a clear message', async (t) => {
    const { ask } = await openApi(t);
    for (const principal of [applicationAlone('applications'), person(null, 'applications')]) {
      const answer = await ask(principal, register, { input: valid });
      assert.deepEqual(codesOf(answer), ['FORBIDDEN']);
      assert.match(answer.errors[0]?.message ?? '', /people with an account/);
    }
  });

  it('needs the scope applications', async (t) => {
    const { ask } = await openApi(t);
    const answer = await ask(person('1', 'profile'), register, { input: valid });
    assert.deepEqual(codesOf(answer), ['FORBIDDEN']);
  });
});

describe('applications', () => {
  const query = `query ($first: Int, $after: String) {
    applications(first: $first, after: $after) {
      edges { cursor node { name } } nodes { name }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;

  it("are the caller's own, newest first, page by page", async (t) => {
    const { ask, store } = await openApi(t);
    const { id: ada } = await addAccount(store, 'ada@example.com');
    const { id: bob } = await addAccount(store, 'bob@example.com');
    for (const [index, registeredBy] of [ada, bob, ada, ada].entries()) {
      await addApplication(store, { name: `${index}`, registeredBy, createdAt: 1000 + index });
    }
    const first = (await ask(person(ada, 'applications'), query, { first: 2 })).data.applications;
    assert.deepEqual(first.nodes, [{ name: '3' }, { name: '2' }]);
    assert.deepEqual(
      first.edges.map((edge: { node: unknown }) => edge.node),
      first.nodes,
    );
    assert.deepEqual(first.pageInfo, {
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: first.edges[0].cursor,
      endCursor: first.edges[1].cursor,
    });
    const rest = (await ask(person(ada, 'applications'), query, { first: 2, after: first.pageInfo.endCursor })).data;
    assert.deepEqual(rest.applications.nodes, [{ name: '0' }]);
    assert.equal(rest.applications.pageInfo.hasNextPage, false);
    assert.equal(rest.applications.pageInfo.hasPreviousPage, true);
    const none = (await ask(person('none', 'applications'), query)).data.applications;
    assert.deepEqual(none.pageInfo, { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null });
  });

  it('that share a moment are each on one page', async (t) => {
    const { ask, store } = await openApi(t);
    const { id } = await addAccount(store, 'ada@example.com');
    for (let index = 0; index < 5; index += 1) await addApplication(store, { name: `${index}`, registeredBy: id });
    const names: string[] = [];
    let after: string | null = null;
    do {
      const { data } = await ask(person(id, 'applications'), query, { first: 2, after });
      names.push(...data.applications.nodes.map((node: { name: string }) => node.name));
      after = data.applications.pageInfo.hasNextPage ? data.applications.pageInfo.endCursor : null;
    } while (after !== null);
    assert.deepEqual(names.toSorted(), ['0', '1', '2', '3', '4']);
  });

  it('take a first from 1 to 100', async (t) => {
    const { ask } = await openApi(t);
    for (const first of [0, -1, 101]) {
      const answer = await ask(person('1', 'applications'), query, { first });
      assert.deepEqual(codesOf(answer), ['BAD_USER_INPUT']);
    }
    for (const first of [1, 100]) {
      assert.deepEqual((await ask(person('1', 'applications'), query, { first })).errors, []);
    }
  });

  it('report first: null as a mistake of the caller', async (t) => {
    const { ask } = await openApi(t);
    const answer = await ask(person('1', 'applications'), query, { first: null });
    assert.deepEqual(codesOf(answer), ['BAD_USER_INPUT']);
  });

  it('refuse a cursor of another list', async (t) => {
    const { ask } = await openApi(t);
    const encoded = (text: string) => Buffer.from(text).toString('base64url');
    const hostile = [
      '',
      'x',
      '!!!',
      encoded('1000:a').replace('M', 'N='),
      `${encoded('1000:ab')}==`,
      encoded('1000'),
      encoded('1000:'),
      encoded('-1:a'),
      encoded('1e3:a'),
      encoded('99999999999999999999:a'),
      encoded('01:a'),
      encoded('1000:\0'),
      encoded(`1000:${'a'.repeat(300)}`),
      encoded("1000:a' or 1=1 --"),
      'a'.repeat(100_000),
      ' MTAwMDph',
    ];
    for (const after of hostile) {
      const answer = await ask(person('1', 'applications'), query, { after });
      assert.deepEqual(codesOf(answer), ['BAD_USER_INPUT'], after.slice(0, 50));
    }
  });
});

describe('application', () => {
  const query = 'query ($id: ID, $clientId: String) { application(id: $id, clientId: $clientId) { name } }';

  /** Makes Ada with her own application, an application of Eve's, and an application without an owner. */
  async function openWorld(t: TestContext) {
    const api = await openApi(t);
    const { id: ada } = await addAccount(api.store, 'ada@example.com');
    const { id: eve } = await addAccount(api.store, 'eve@example.com');
    const scopes = ['profile', 'applications', 'grants'];
    const own = await addApplication(api.store, { name: 'Own', registeredBy: ada, scopes });
    const others = await addApplication(api.store, { name: 'Others', registeredBy: eve, scopes });
    const nobodys = await addApplication(api.store, { name: 'Nobodys' });
    const idOf = ({ id }: { id: string }) => Buffer.from(`Application:${id}`).toString('base64url');
    return { ...api, ada, eve, own, others, nobodys, idOf };
  }

  it("is one's own with the scope applications, by either name", async (t) => {
    const { ask, ada, own, idOf } = await openWorld(t);
    for (const variables of [{ id: idOf(own) }, { clientId: own.id }]) {
      const { data, errors } = await ask(person(ada, 'applications'), query, variables);
      assert.deepEqual([data.application, errors], [{ name: 'Own' }, []]);
    }
  });

  it("is NOT_FOUND for another person's application, one without an owner, and an unknown one", async (t) => {
    const { ask, ada, others, nobodys } = await openWorld(t);
    const none = await ask(person(ada, 'applications'), query, { clientId: 'none' });
    assert.deepEqual(codesOf(none), ['NOT_FOUND']);
    for (const clientId of [others.id, nobodys.id, '', '\0', 'x'.repeat(10_000)]) {
      assert.deepEqual(await ask(person(ada, 'applications'), query, { clientId }), none);
    }
    for (const principal of [applicationAlone('applications'), person(null, 'applications')]) {
      assert.deepEqual(await ask(principal, query, { clientId: nobodys.id }), none);
    }
  });

  it('is any application with the scope accounts, which shows who registered it', async (t) => {
    const { ask, ada, others, nobodys } = await openWorld(t);
    const document = 'query ($clientId: String) { application(clientId: $clientId) { registeredBy { email } } }';
    const administrator = person(ada, 'accounts');
    const { data } = await ask(administrator, document, { clientId: others.id });
    assert.deepEqual(data.application, { registeredBy: { email: 'eve@example.com' } });
    const first = (await ask(administrator, document, { clientId: nobodys.id })).data;
    assert.deepEqual(first.application, { registeredBy: null });
    const denied = await ask(
      person(ada, 'applications', 'profile'),
      '{ applications { nodes { registeredBy { id } } } }',
    );
    assert.deepEqual(codesOf(denied), ['FORBIDDEN']);
  });

  it('is found by either of its IDs', async (t) => {
    const { ask, ada, own, idOf } = await openWorld(t);
    for (const variables of [{}, { id: null }, { id: idOf(own), clientId: own.id }]) {
      assert.deepEqual(codesOf(await ask(person(ada, 'applications'), query, variables)), ['BAD_USER_INPUT']);
    }
  });

  const update = `mutation ($input: UpdateApplicationInput!) {
    updateApplication(input: $input) { application { name redirectUris scopes } } }`;
  const rotate = `mutation ($input: RotateClientSecretInput!) { rotateClientSecret(input: $input) { clientSecret } }`;
  const remove = `mutation ($input: DeleteApplicationInput!) { deleteApplication(input: $input) { application { name } } }`;

  it('is updated, and omitted fields stay', async (t) => {
    const { ask, ada, own, idOf, store } = await openWorld(t);
    const asAda = person(ada, 'applications');
    const input = { id: idOf(own), name: ' Newer ', redirectUris: null, scopes: ['profile'] };
    const { data, errors } = await ask(asAda, update, { input });
    assert.deepEqual(errors, []);
    assert.deepEqual(data.updateApplication.application, {
      name: 'Newer',
      redirectUris: ['https://app.example/callback'],
      scopes: ['profile'],
    });
    const event = await store.selectFrom('audit_events').select(['type', 'account_id', 'detail']).executeTakeFirst();
    assert.deepEqual(
      { ...event },
      {
        type: 'application_updated',
        account_id: ada,
        detail: `client ID ${own.id}: name, scopes`,
      },
    );
  });

  it('is updated by the rules for registration', async (t) => {
    const { ask, ada, own, idOf } = await openWorld(t);
    const faults: [object, string][] = [
      [{ name: '' }, 'input.name:'],
      [{ name: 'Claimgate' }, 'input.name:'],
      // F-8
      [{ name: 'C1aim\u00adgate' }, 'input.name:'],
      [{ name: 'Сlaimgate' }, 'input.name: expected the letters of each word to be of one alphabet'],
      [{ name: 'Auth.Example.com' }, 'input.name: expected a name of its own: this one looks like the address'],
      [{ redirectUris: [] }, 'input.redirectUris:'],
      [{ redirectUris: ['http://a.example'] }, 'input.redirectUris[0]:'],
      [{ scopes: ['accounts'] }, 'input.scopes[0]: accounts requires a role'],
      [{ scopes: ['nothing'] }, 'input.scopes[0]: there is no scope'],
    ];
    for (const [change, message] of faults) {
      const answer = await ask(person(ada, 'applications'), update, { input: { id: idOf(own), ...change } });
      assert.deepEqual(codesOf(answer), ['BAD_USER_INPUT']);
      assert.ok(answer.errors[0]?.message.startsWith(message), answer.errors[0]?.message);
    }
  });

  it('gets more scopes only from administrators; its owner can keep or remove them', async (t) => {
    const { ask, ada, eve, own, idOf } = await openWorld(t);
    const set = async (principal: Principal, scopes: string[]) => {
      const answer = await ask(principal, update, { input: { id: idOf(own), scopes } });
      return answer.data?.updateApplication?.application.scopes ?? codesOf(answer);
    };
    const owner = person(ada, 'applications');
    assert.deepEqual(await set(owner, ['profile', 'accounts']), ['BAD_USER_INPUT']);
    assert.deepEqual(await set(person(eve, 'accounts'), ['profile', 'accounts']), ['profile', 'accounts']);
    assert.deepEqual(await set(person(eve, 'accounts'), ['nothing']), ['BAD_USER_INPUT']);
    assert.deepEqual(await set(owner, ['grants', 'accounts']), ['grants', 'accounts']);
    assert.deepEqual(await set(owner, ['grants']), ['grants']);
    assert.deepEqual(await set(owner, ['grants', 'accounts']), ['BAD_USER_INPUT']);
  });

  it('C-16 a scope that an administrator removed does not come back through an earlier request of the owner', async (t) => {
    const { ask, ada, eve, own, idOf, store } = await openWorld(t);
    const set = (principal: Principal, scopes: string[]) =>
      ask(principal, update, { input: { id: idOf(own), scopes } });
    const administrator = person(eve, 'accounts');
    for (let round = 0; round < 5; round++) {
      await set(administrator, ['profile', 'accounts']);
      const owners = () =>
        Array.from({ length: 4 }, () => set(person(ada, 'applications'), ['profile', 'accounts', 'grants']));
      await Promise.all([...owners(), set(administrator, ['profile']), ...owners()]);
      const found = await findApplicationWithSecret(store, own.id);
      assert.ok(!found?.application.scopes?.includes('accounts'), `round ${round}`);
    }
  });

  it('gets a new client secret, which is shown once', async (t) => {
    const { ask, store, ada, own, idOf } = await openWorld(t);
    const owner = person(ada, 'applications');
    assert.deepEqual(codesOf(await ask(owner, rotate, { input: { id: idOf(own) } })), ['BAD_USER_INPUT']);
    const { data } = await ask(owner, register, { input: valid });
    const { clientId, id } = data.registerApplication.application;
    const rotated = (await ask(owner, rotate, { input: { id } })).data.rotateClientSecret.clientSecret;
    const stored = await findApplicationWithSecret(store, clientId);
    assert.ok(secretMatches(rotated, stored?.secretHash ?? ''));
    assert.ok(!secretMatches(data.registerApplication.clientSecret, stored?.secretHash ?? ''));
    const rows = JSON.stringify(await store.selectFrom('audit_events').selectAll().execute());
    assert.ok(rows.includes('application_secret_rotated') && !rows.includes(rotated));
  });

  it('is deleted, with its grants', async (t) => {
    const { ask, store, ada, eve, own, idOf } = await openWorld(t);
    await addGrant(store, 'e', eve, own.id);
    const owner = person(ada, 'applications');
    const { data } = await ask(owner, remove, { input: { id: idOf(own) } });
    assert.deepEqual(data.deleteApplication.application, { name: 'Own' });
    assert.deepEqual((await ask(person(eve, 'grants'), '{ grants { nodes { id } } }')).data.grants.nodes, []);
    assert.deepEqual(codesOf(await ask(owner, remove, { input: { id: idOf(own) } })), ['NOT_FOUND']);
  });

  it('is changed by its owner and by administrators, and does not exist for other callers', async (t) => {
    const { ask, store, ada, eve, others, nobodys, idOf } = await openWorld(t);
    for (const document of [update, rotate, remove]) {
      for (const { id } of [others, nobodys]) {
        const input = { id: idOf({ id }) };
        const answer = await ask(person(ada, 'applications'), document, { input });
        assert.deepEqual(codesOf(answer), ['NOT_FOUND']);
        assert.deepEqual(
          answer,
          await ask(person(ada, 'applications'), document, { input: { id: idOf({ id: 'none' }) } }),
        );
        const denied = await ask(person(ada, 'profile', 'grants', 'audit', 'keys'), document, { input });
        assert.deepEqual(codesOf(denied), ['FORBIDDEN']);
      }
    }
    assert.equal((await store.selectFrom('applications').select('id').execute()).length, 3);
    const allowed = await ask(person(ada, 'accounts'), remove, { input: { id: idOf(others) } });
    assert.deepEqual(allowed.errors, []);
    assert.deepEqual(
      (await ask(person(eve, 'applications'), '{ applications { nodes { id } } }')).data.applications.nodes,
      [],
    );
  });
});
