import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { graphql } from 'graphql';
import { pino } from 'pino';
import type { DenialEvent } from '../../../src/auth/decide/denial.ts';
import { createMetrics } from '../../../src/observe/metrics.ts';
import { auditTrail } from '../../../src/server/audit.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { type Caller, principalFor } from '../../support/callers.ts';
import { betweenRequests } from '../../support/lane/switch.ts';
import { temporaryFolder } from '../../support/process.ts';
import { guardOne } from '../../support/rules.ts';
import { listening, transportsOf } from '../../support/transports.ts';
import { mountTable } from './mount.ts';

const typeDefs = `
  type Query {
    notes: [Note] @public
    of(userId: ID): Int @auth(scope: "of", owner: "$userId")
    asked(n: Int): Int @auth(scope: "of", policy: "never")
    both(userId: ID): Int @auth(owner: "$userId", policy: "never")
    tenant: Int @auth(scope: "of", claims: [{ claim: "tenant", oneOf: ["a"] }])
    either(userId: ID): Int @auth(anyOf: [{ scope: "admin" }, { owner: "$userId" }])
    any: Any @public
    diary: Diary @public
  }
  type Mutation {
    write(userId: ID): Int @auth(scope: "of", owner: "$userId")
    sign(n: Int): Int @auth(scope: "of", policy: "never")
  }
  type Note { text: String @auth(owner: "userId") userId: ID }
  type Diary @auth(owner: "userId") { userId: ID page: Int }
  type Chart @auth(policy: "never") { page: Int }
  union Any = Diary | Chart
`;
const events: DenialEvent[] = [];
const guarded = guardOne(typeDefs, {
  resolvers: {
    Query: {
      notes: () => [{ text: 't', userId: 'bob' }],
      any: () => ({ __typename: 'Diary', userId: 'bob' }),
      diary: () => ({ userId: 'bob' }),
    },
  },
  policies: { never: (requests) => requests.map(() => false) },
  onDenial: (event) => events.push(event),
});

const alice: Caller = { scopes: ['of'] };
const application: Caller = { kind: 'application', scopes: ['of'] };

interface Row {
  readonly query: string;
  readonly caller?: Caller;
  /** The members of the error besides its code, `coordinate` and `selection`. */
  readonly evidence: Readonly<Record<string, unknown>>;
  /** The reason that the audit event states. */
  readonly reason: string | undefined;
}

const rows: Readonly<Record<string, Row>> = {
  'an argument that is another account': {
    query: '{ of(userId: "bob") }',
    evidence: { reason: 'owner' },
    reason: 'owner',
  },
  'an application, which owns nothing': {
    query: '{ of(userId: "bob") }',
    caller: application,
    evidence: { reason: 'owner' },
    reason: 'owner',
  },
  'a field that says another account': {
    query: '{ notes { text } }',
    evidence: { reason: 'owner' },
    reason: 'owner',
  },
  'the owner of a value': { query: '{ diary { page } }', evidence: { reason: 'owner' }, reason: 'owner' },
  'the owner of a value whose type the field leaves open': {
    query: '{ any { __typename } }',
    evidence: {},
    reason: 'owner',
  },
  'a policy': { query: '{ asked }', evidence: { reason: 'policy' }, reason: 'policy' },
  'a policy, of the owner': { query: '{ both(userId: "alice") }', evidence: { reason: 'policy' }, reason: 'policy' },
  'the owner, before a policy': { query: '{ both(userId: "bob") }', evidence: { reason: 'owner' }, reason: 'owner' },
  'a claim': { query: '{ tenant }', evidence: { reason: 'claims' }, reason: 'claims' },
  'the owner, if a scope would be enough': {
    query: '{ either(userId: "bob") }',
    evidence: { reason: 'owner' },
    reason: 'owner',
  },
  'a mutation of another account': {
    query: 'mutation { write(userId: "bob") }',
    evidence: { reason: 'owner' },
    reason: 'owner',
  },
  'a mutation by a policy': { query: 'mutation { sign }', evidence: { reason: 'policy' }, reason: 'policy' },
  'a scope that is lacking': {
    query: '{ of(userId: "bob") }',
    caller: { scopes: ['other'] },
    evidence: { requiredScopes: ['of'] },
    reason: undefined,
  },
};

describe('E-14 a denial states its reason, and names no scope that the token has:', () => {
  let app: FastifyInstance;
  let transports: ReturnType<typeof transportsOf>;
  before(async () => {
    app = await mountTable(guarded);
    transports = transportsOf(await listening(app));
  });
  after(() => app.close());
  betweenRequests(() => {
    events.length = 0;
  });

  const direct = async ({ query, caller }: { query: string; caller: Caller }) =>
    graphql({ schema: guarded.schema, source: query, contextValue: { principal: principalFor(caller) } });

  for (const [name, { query, caller = alice, evidence, reason }] of Object.entries(rows)) {
    it(`E-14 ${name}`, async () => {
      for (const [transport, ask] of Object.entries({ ...transports, direct })) {
        if (transport === 'GET' && query.startsWith('mutation')) continue;
        events.length = 0;
        const { errors = [] } = await ask({ query, caller });
        assert.equal(errors.length, 1, transport);
        const { code, coordinate, selection: _, http: _http, ...told } = errors[0]?.extensions ?? {};
        assert.equal(code, 'FORBIDDEN', transport);
        assert.equal(typeof coordinate, 'string');
        assert.deepEqual(told, evidence, `${transport}: ${JSON.stringify(told)}`);
        assert.deepEqual(
          events.map((event) => event.reason),
          [reason],
          transport,
        );
      }
    });
  }

  it('E-14 states the reason in the message, too', async () => {
    const message = async (query: string) => (await direct({ query, caller: alice })).errors?.[0]?.message;
    assert.match((await message('{ of(userId: "bob") }')) ?? '', /^Query\.of is for its owner/);
    assert.match((await message('{ asked }')) ?? '', /^A policy of the server does not allow Query\.asked/);
    assert.match((await message('mutation { write(userId: "bob") }')) ?? '', /^Mutation\.write is for its owner/);
  });

  it('E-14 names no scope that the token has in the challenge of a refusal', async () => {
    const headers = { 'content-type': 'application/json', authorization: JSON.stringify(application) };
    const payload = JSON.stringify({ query: '{ of(userId: "bob") }' });
    const answer = await app.inject({ method: 'POST', url: '/graphql', headers, payload });
    assert.equal(answer.statusCode, 403);
    assert.doesNotMatch(String(answer.headers['www-authenticate']), /[ ,]scope=/);
  });
});

describe('E-14 the log', () => {
  it('E-14 names the rule of a denial, unless the configuration turns this off', async (t) => {
    const folder = await temporaryFolder();
    const store = await openDatabase(`file:${folder.path}/test.db`);
    t.after(async () => {
      await store.destroy();
      await folder.remove();
    });
    for (const namesRules of [true, false]) {
      const lines: string[] = [];
      const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
      const trail = auditTrail(store, log, createMetrics(), namesRules);
      const event = { coordinate: 'Query.of', rule: 'Query.of', source: '@auth(owner: "$userId")' } as const;
      trail.onDenial({ mode: 'enforce', ...event, code: 'FORBIDDEN', reason: 'owner', principal: principalFor(alice) });
      const told = lines.map((line) => JSON.parse(line));
      assert.deepEqual(
        told.map(({ coordinate, rule, source, reason, level }) => ({ coordinate, rule, source, reason, level })),
        namesRules ? [{ ...event, reason: 'owner', level: 30 }] : [],
      );
    }
  });
});
