import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IdentityApi } from '../../../src/api/names/own-names.ts';
import { defaultLimits } from '../../../src/api/limits/limits.ts';
import { createApiSchema } from '../../../src/api/schema.ts';
import type { DirectiveNames } from '../../../src/auth/directive-names.ts';
import { StartError } from '../../../src/errors.ts';
import { catalogue, openApi, person, policy } from '../fixture.ts';
import { explainQuery } from './world.ts';

function schemaOf(typeDefs: string, identityApi: IdentityApi, directives: DirectiveNames = {}) {
  const operations = { introspection: 'open', limits: defaultLimits } as const;
  return createApiSchema({ catalogue, identityApi, directives, operations, modules: [{ name: 'team', typeDefs }] })
    .schema;
}

const rootsOf = (...given: Parameters<typeof schemaOf>) =>
  Object.keys(
    schemaOf(...given)
      .getQueryType()
      ?.getFields() ?? {},
  );

describe('G-12 explainOperation beside a team’s names', () => {
  it('G-12 has the prefix of the identity API, and another name of @auth', async (t) => {
    const typeDefs =
      'type Query { explainOperation: Int @public  orders: Int @claims(scope: "audit") }  enum RuleDecision { YES }';
    const api = await openApi(t, {
      identityApi: { prefix: 'Claimgate' },
      directives: { auth: 'claims' },
      operations: policy,
      modules: [{ name: 'team', typeDefs }],
    });
    const { data, errors } = await api.ask(person('1'), explainQuery('claimgateExplainOperation'), {
      document: '{ orders explainOperation claimgateViewer { subject } }',
    });
    assert.deepEqual(errors, []);
    const { outcome, elements } = data.claimgateExplainOperation;
    assert.equal(outcome, 'RUNS_IN_PART');
    assert.deepEqual(
      elements.map(({ coordinate, rules }: any) => `${coordinate}: ${rules[0].source}`),
      ['Query.orders: @claims(scope: "audit")', 'Query.claimgateViewer: @claims'],
    );
    const twice =
      '{ a: claimgateExplainOperation(document: "") { code } b: claimgateExplainOperation(document: "") { code } }';
    assert.deepEqual(
      (await api.ask(person('1'), twice)).errors.map(({ extensions }) => extensions?.['code']),
      ['LIMIT_EXCEEDED'],
    );
  });

  it('G-12 has its own name without the identity API', () => {
    const roots = rootsOf('type Query { viewer: Int @public }', false);
    assert.ok(roots.includes('explainOperation') && !roots.includes('scopes'), roots.join());
  });

  it('G-12 leaves names to the team without the identity API', () => {
    for (const typeDefs of [
      'type Query { viewer: Int @public  explainOperation: Int @public }',
      'type Query { viewer: RuleDecision @public }  enum RuleDecision { YES }',
      'schema { query: Root }  type Root { viewer: Int @public }',
    ]) {
      const type = schemaOf(typeDefs, false);
      assert.equal(type.getType('OperationExplanation'), undefined, typeDefs);
    }
  });

  it('G-12 a clash of names is a start fault with advice', () => {
    const clash = () => schemaOf('extend type Query { explainOperation: Int @public }', true);
    assert.throws(clash, (error) => {
      assert.ok(error instanceof StartError);
      assert.match(
        error.faults.at(-1) ?? '',
        /^Query\.explainOperation: Claimgate defines the same; to keep yours, give the names of Claimgate a prefix/,
      );
      return true;
    });
  });
});
