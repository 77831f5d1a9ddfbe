import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type ExecutionResult, GraphQLError, parse, subscribe } from 'graphql';
import { defineModule } from '../../../src/api/module.ts';
import type { AuditFact } from '../../../src/audit/facts.ts';
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
const trail = `query ($type: AuditEventType, $coordinate: String, $account: ID, $first: Int! = 20, $after: String) {
  auditEvents(type: $type, coordinate: $coordinate, account: $account, first: $first, after: $after) {
    nodes { type outcome coordinate rule clientId detail count }
    pageInfo { hasNextPage endCursor }
  }
}`;
const auditor = person('eve', 'audit');

type Api = Awaited<ReturnType<typeof openApi>>;

/** Returns the events recorded so far, newest first, without the event of this read. */
async function recorded({ ask, recorder }: Api, variables: Record<string, unknown> = {}): Promise<any[]> {
  await recorder.flush();
  const { data, errors } = await ask(auditor, trail, variables);
  assert.deepEqual(errors, []);
  return data.auditEvents.nodes.filter(({ coordinate }: AuditFact) => coordinate !== 'Query.auditEvents');
}

const fact: AuditFact = {
  type: 'denial',
  outcome: 'denied',
  coordinate: 'Query.orders',
  rule: 'Query.orders',
  accountId: null,
  clientId: 'web',
  detail: 'FORBIDDEN @auth',
};

describe('who may read', () => {
  const everyoneElse = {
    nobody,
    'a person with every other scope': person('ada', 'profile', 'applications', 'grants', 'accounts', 'keys'),
    'an application with every other scope': applicationAlone('profile', 'accounts', 'keys', 'Audit', 'audit2'),
  };
  for (const [who, principal] of Object.entries(everyoneElse)) {
    const code = principal === nobody ? 'UNAUTHENTICATED' : 'FORBIDDEN';

    it(`a query by ${who} is denied, and nothing is read`, async (t) => {
      const { ask, statements } = await openApi(t);
      const answer = await ask(principal, '{ auditEvents { nodes { id } } }');
      assert.deepEqual([answer.data, codesOf(answer)], [null, [code]]);
      assert.deepEqual(statements, []);
    });

    it(`a subscription by ${who} is denied, and nothing is read`, async (t) => {
      const { schema, statements } = await openApi(t);
      statements.length = 0;
      const answer = await streamed(schema, 'subscription { auditEventAdded { id } }', principal);
      assert.ok('errors' in answer, 'no stream');
      assert.deepEqual(
        answer.errors?.map(({ extensions }) => extensions['code']),
        [code],
      );
      assert.deepEqual(statements, []);
    });
  }

  it('the scope audit is enough for both, and shows no account', async (t) => {
    const api = await openApi(t);
    const ada = await addAccount(api.store, 'ada@example.com');
    await api.recorder.write({ ...fact, accountId: ada.id });
    const query = '{ auditEvents { nodes { id at account { email } } } }';
    const answer = await api.ask(auditor, query);
    assert.deepEqual(answer.data.auditEvents.nodes, [
      { id: globalId('AuditEvent:1'), at: '2025-01-31T12:00:00.000Z', account: null },
    ]);
    assert.deepEqual(codesOf(answer), ['FORBIDDEN']);
    const { data } = await api.ask(person('eve', 'audit', 'accounts'), query);
    assert.deepEqual(data.auditEvents.nodes[0].account, { email: 'ada@example.com' });
  });
});

describe('auditEvents', () => {
  it('come newest first, in pages, and by filter', async (t) => {
    const api = await openApi(t);
    const ada = await addAccount(api.store, 'ada@example.com');
    for (const detail of ['1', '2', '3', '4', '5']) await api.recorder.write({ ...fact, detail });
    await api.recorder.write({ ...fact, type: 'grant_revoked', outcome: 'allowed', accountId: ada.id, detail: '6' });
    await api.recorder.write({ ...fact, coordinate: 'Query.other', detail: '7' });
    const details = async (variables: Record<string, unknown>) => {
      const { data, errors } = await api.ask(auditor, trail, variables);
      assert.deepEqual(errors, []);
      const { nodes, pageInfo } = data.auditEvents;
      return { text: nodes.map(({ detail }: AuditFact) => detail).join(''), after: pageInfo.endCursor, ...pageInfo };
    };
    const first = await details({ first: 3 });
    assert.deepEqual([first.text, first.hasNextPage], ['765', true]);
    await api.recorder.write({ ...fact, detail: 'new' });
    const second = await details({ first: 100, after: first.after });
    assert.deepEqual([second.text, second.hasNextPage], ['4321', false]);
    assert.equal((await details({ type: 'GRANT_REVOKED' })).text, '6');
    assert.equal((await details({ coordinate: 'Query.other' })).text, '7');
    assert.equal((await details({ account: globalId(`Account:${ada.id}`) })).text, '6');
    assert.equal((await details({ account: globalId(`Account:${ada.id}`), type: 'DENIAL' })).text, '');
    assert.equal((await details({ coordinate: "' or 1=1 --" })).text, '');
  });

  it('need as many statements for many accounts as for few', async (t) => {
    const api = await openApi(t);
    const counts: number[] = [];
    for (const number of [1, 49]) {
      for (let index = 0; index < number; index += 1) {
        const { id } = await addAccount(api.store, `${number}-${index}@example.com`);
        await api.recorder.write({ ...fact, accountId: id });
      }
      const query = '{ auditEvents(first: 50) { nodes { account { email } } } }';
      const { data, errors } = await api.ask(person('eve', 'audit', 'accounts'), query);
      assert.deepEqual(errors, []);
      assert.ok(data.auditEvents.nodes.every(({ account }: any) => account.email));
      counts.push(api.statements.length);
    }
    assert.deepEqual(counts, [2, 2]);
  });

  it('refuse cursors of other lists, and IDs that are not of an account', async (t) => {
    const api = await openApi(t);
    for (const after of [
      '',
      'x',
      globalId('1:abc'),
      globalId('1:1e3'),
      globalId('1:-1'),
      globalId('1:9999999999999999'),
    ]) {
      assert.deepEqual(codesOf(await api.ask(auditor, trail, { after })), ['BAD_USER_INPUT'], after);
    }
    for (const account of ['', 'ada', globalId('Grant:a')]) {
      assert.deepEqual(codesOf(await api.ask(auditor, trail, { account })), ['BAD_USER_INPUT'], account);
    }
    assert.deepEqual(codesOf(await api.ask(auditor, trail, { first: 101 })), ['BAD_USER_INPUT']);
  });
});

describe('the recorded events', () => {
  it('a denied field, with its rule, its caller and the number of operations', async (t) => {
    const api = await openApi(t);
    const source = '{ viewer { subject account { email } } }';
    for (let round = 0; round < 3; round += 1) await api.ask(person('ada', 'grants'), source);
    await api.ask(nobody, source);
    const [anonymous, ...others] = (await recorded(api)).toSorted((a, b) => a.count - b.count);
    assert.deepEqual(anonymous, {
      type: 'DENIAL',
      outcome: 'DENIED',
      coordinate: 'Query.viewer',
      rule: 'Query.viewer',
      clientId: null,
      detail: 'UNAUTHENTICATED @auth',
      count: 1,
    });
    const denied = { type: 'DENIAL', outcome: 'DENIED', coordinate: 'Viewer.account', clientId: 'app', count: 3 };
    assert.deepEqual(
      others.toSorted((a, b) => (a.rule < b.rule ? -1 : 1)),
      [
        {
          ...denied,
          rule: 'Account',
          detail: 'FORBIDDEN @auth(anyOf: [{scope: "profile", policy: "claimgate:own"}, {scope: "accounts"}])',
        },
        { ...denied, rule: 'Viewer.account', detail: 'FORBIDDEN @auth(scope: "profile")' },
      ],
    );
  });

  it('10,000 denied operations write a bounded number of rows', async (t) => {
    const api = await openApi(t);
    api.statements.length = 0;
    for (let round = 0; round < 10_000; round += 100) {
      await Promise.all(
        Array.from({ length: 100 }, () => api.ask(person('ada', 'profile'), '{ grants { nodes { id } } }')),
      );
    }
    assert.deepEqual(api.statements, []);
    assert.deepEqual(
      (await recorded(api)).map(({ coordinate, count }) => [coordinate, count]),
      [['Query.grants', 10_000]],
    );
  });

  it('an application that was registered, and a grant that was revoked, without any secret', async (t) => {
    const api = await openApi(t);
    const ada = await addAccount(api.store, 'ada@example.com');
    const input = {
      name: 'Example',
      redirectUris: ['https://app.example/callback'],
      applicationType: 'WEB',
      tokenEndpointAuthMethod: 'CLIENT_SECRET_BASIC',
    };
    const register = `mutation ($input: RegisterApplicationInput!) {
      registerApplication(input: $input) { application { clientId } clientSecret }
    }`;
    const { data } = await api.ask(person(ada.id, 'applications'), register, { input });
    const { clientSecret, application } = data.registerApplication;
    await addGrant(api.store, 'g', ada.id, application.clientId);
    const revoke = 'mutation ($id: ID!) { revokeGrant(input: { id: $id }) { grant { id } } }';
    await api.ask(person(ada.id, 'grants'), revoke, { id: globalId('Grant:g') });
    await api.ask(person(ada.id, 'grants'), revoke, { id: globalId('Grant:unknown') });

    const common = { outcome: 'ALLOWED', rule: null, clientId: 'app', count: 1 };
    assert.deepEqual(await recorded(api, { account: globalId(`Account:${ada.id}`) }), [
      {
        ...common,
        type: 'GRANT_REVOKED',
        coordinate: 'Mutation.revokeGrant',
        detail: `grant g of client ID ${application.clientId}`,
      },
      {
        ...common,
        type: 'APPLICATION_REGISTERED',
        coordinate: 'Mutation.registerApplication',
        detail: `client ID ${application.clientId}`,
      },
    ]);
    assert.ok(clientSecret.length > 40);
    const rows = JSON.stringify(await api.store.selectFrom('audit_events').selectAll().execute());
    assert.ok(!rows.includes(clientSecret));
    assert.ok(!rows.includes('ada@example.com'));
  });
});

/** A team's module with fields that an administrator's scope opens, one for each kind of rule. */
const shop = defineModule({
  name: 'shop',
  typeDefs: `
    type Query {
      secrets: [Secret!] @public
      either: Int @auth(scope: ["accounts", "profile"])
      both: Int @auth(scope: "accounts") @auth(scope: "profile")
    }
    type Secret @auth(scope: "keys") { text: String  deep: String @auth(scope: "accounts") }
    type Mutation {
      reset: Int @auth(scope: "accounts")
      fail: Int @auth(scope: "accounts")
      open: Int @public
    }
  `,
  resolvers: {
    Query: { secrets: () => [{ text: 'a' }, { text: 'b' }], either: () => 1, both: () => 2 },
    Mutation: {
      reset: () => 3,
      fail: () => {
        throw new GraphQLError('no', { extensions: { code: 'NO' } });
      },
      open: () => 4,
    },
  },
});

describe('administration', () => {
  const uses = (events: readonly any[]) =>
    events
      .filter(({ type }) => type === 'ADMINISTRATION')
      .map(({ outcome, coordinate, rule, count }) => `${outcome} ${coordinate} by ${rule}: ${count}`)
      .toSorted();

  it('is recorded once per operation if only an administrator’s scope opened a field', async (t) => {
    const api = await openApi(t, { modules: [shop] });
    const source = '{ secrets { text deep } either both }';
    for (let round = 0; round < 2; round += 1) {
      await api.ask(person('eve', 'accounts', 'profile', 'keys'), source);
    }
    assert.deepEqual(uses(await recorded(api)), [
      'ALLOWED Query.both by Query.both: 2',
      'ALLOWED Query.secrets by Secret: 2',
      'ALLOWED Secret.deep by Secret.deep: 2',
    ]);
  });

  it('is not recorded for a scope without a role, and not for a denied field', async (t) => {
    const api = await openApi(t, { modules: [shop] });
    await api.ask(person('ada', 'profile'), '{ secrets { text deep } either both }');
    await api.ask(nobody, '{ secrets { text deep } either both }');
    await api.ask(person('ada', 'profile'), 'mutation { reset open }');
    await api.ask(nobody, 'mutation { open }');
    assert.deepEqual(uses(await recorded(api)), []);
    await api.ask(person('eve', 'accounts'), '{ either both }');
    assert.deepEqual(uses(await recorded(api)), ['ALLOWED Query.either by Query.either: 1']);
  });

  it('by a mutation is in the table before it is answered', async (t) => {
    const api = await openApi(t, { modules: [shop] });
    const { data } = await api.ask(person('eve', 'accounts'), 'mutation { reset again: reset }');
    assert.deepEqual(data, { reset: 3, again: 3 });
    const rows = await api.store.selectFrom('audit_events').select(['coordinate', 'type', 'count']).execute();
    assert.deepEqual(
      rows.map(({ coordinate, type, count }) => [coordinate, type, count]),
      [
        ['Mutation.reset', 'administration', 1],
        ['Mutation.reset', 'administration', 1],
      ],
    );
  });

  it('by a mutation that cannot be recorded is answered with an error', async (t) => {
    const api = await openApi(t, { modules: [shop] });
    await api.store.schema.dropTable('audit_events').execute();
    const answer = await api.ask(person('eve', 'accounts'), 'mutation { reset }');
    assert.deepEqual(answer.data, { reset: null });
    assert.deepEqual(codesOf(answer), ['INTERNAL_SERVER_ERROR']);
  });

  it('that failed is recorded as failed, with the error as it was', async (t) => {
    const api = await openApi(t, { modules: [shop] });
    assert.deepEqual(codesOf(await api.ask(person('eve', 'accounts'), 'mutation { fail }')), ['NO']);
    assert.deepEqual(uses(await recorded(api)), ['FAILED Mutation.fail by Mutation.fail: 1']);
  });

  it('covers the administrative fields of the API itself', async (t) => {
    const api = await openApi(t);
    const ada = await addAccount(api.store, 'ada@example.com');
    await addApplication(api.store, { registeredBy: ada.id });
    await api.ask(person(ada.id, 'applications', 'accounts'), '{ applications { nodes { grants { nodes { id } } } } }');
    await api.ask(auditor, trail);
    await api.recorder.flush();
    const { data } = await api.ask(auditor, trail);
    assert.deepEqual(uses(data.auditEvents.nodes), [
      'ALLOWED Application.grants by Application.grants: 1',
      'ALLOWED Query.auditEvents by Query.auditEvents: 1',
    ]);
  });
});

/** Subscribes like a transport. */
function streamed(
  schema: Api['schema'],
  source: string,
  principal: Principal,
): Promise<ExecutionResult | AsyncGenerator<ExecutionResult, void, void>> {
  return subscribe({ schema, document: parse(source), contextValue: { principal, address: '192.0.2.1' } });
}

/** Opens a stream of events. The test ends the stream when it is over. */
async function follow(t: TestContext, api: Api, source: string, principal: Principal = auditor) {
  const stream = await streamed(api.schema, source, principal);
  if (!('next' in stream)) throw new Error(JSON.stringify(stream));
  t.after(() => stream.return());
  return {
    stream,
    next: async () => {
      const { value } = await stream.next();
      return JSON.parse(JSON.stringify(value));
    },
  };
}

describe('auditEventAdded', () => {
  it('delivers each later event', async (t) => {
    const api = await openApi(t);
    await api.recorder.write({ ...fact, detail: 'before' });
    const { next } = await follow(t, api, 'subscription { auditEventAdded { id type detail count } }');
    await api.recorder.write({ ...fact, detail: 'one' });
    api.recorder.count({ ...fact, detail: 'two' });
    api.recorder.count({ ...fact, detail: 'two' });
    await api.recorder.flush();
    const id = (number: number) => globalId(`AuditEvent:${number}`);
    assert.deepEqual(await next(), {
      data: { auditEventAdded: { id: id(2), type: 'DENIAL', detail: 'one', count: 1 } },
    });
    // Starting this stream is itself a use of an administrative field.
    const { data } = await next();
    assert.deepEqual(data.auditEventAdded.type, 'ADMINISTRATION');
    assert.deepEqual((await next()).data.auditEventAdded, { id: id(4), type: 'DENIAL', detail: 'two', count: 2 });
  });

  it('reports its own start once, and causes no endless loop', async (t) => {
    const api = await openApi(t);
    const ada = await addAccount(api.store, 'ada@example.com');
    const source = 'subscription { auditEventAdded { coordinate account { email } } }';
    const { next } = await follow(t, api, source, person(ada.id, 'audit', 'accounts'));
    await api.recorder.flush();
    const itself = { coordinate: 'Subscription.auditEventAdded', account: { email: 'ada@example.com' } };
    assert.deepEqual(await next(), { data: { auditEventAdded: itself } });
    await api.recorder.flush();
    assert.equal((await api.store.selectFrom('audit_events').selectAll().execute()).length, 1);
  });

  it('reads the account again for each event', async (t) => {
    const api = await openApi(t);
    const ada = await addAccount(api.store, 'ada@example.com');
    const source = 'subscription { auditEventAdded { account { email } } }';
    const { next } = await follow(t, api, source, person('eve', 'audit', 'accounts'));
    await api.recorder.write({ ...fact, accountId: ada.id });
    assert.equal((await next()).data.auditEventAdded.account.email, 'ada@example.com');
    await api.store.updateTable('accounts').set({ email: 'countess@example.com' }).execute();
    await api.recorder.write({ ...fact, accountId: ada.id });
    assert.equal((await next()).data.auditEventAdded.account.email, 'countess@example.com');
  });

  it('is refused completely if a part of it is denied', async (t) => {
    const api = await openApi(t);
    const answer = await streamed(api.schema, 'subscription { auditEventAdded { account { email } } }', auditor);
    assert.ok('errors' in answer);
    assert.equal(api.everySecond.size, 0);
  });

  it('stops reading when its client leaves', async (t) => {
    const api = await openApi(t);
    const { stream } = await follow(t, api, 'subscription { auditEventAdded { id } }');
    assert.equal(api.everySecond.size, 1);
    const waiting = stream.next();
    await stream.return();
    assert.equal((await waiting).done, true);
    assert.equal(api.everySecond.size, 0);
  });
});
