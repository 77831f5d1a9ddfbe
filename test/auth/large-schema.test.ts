import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { getNamedType, isInterfaceType, isObjectType } from 'graphql';
import type { GuardedSchema } from '../../src/auth/guarded-schema.ts';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { githubSdl } from '../support/github.ts';
import { holder, run } from '../support/modules.ts';

/** The steps of a start work with indexes. This test compares their results with those of plain loops. */
describe("GitHub's public schema with about 2,300 rules", () => {
  const warnings: string[] = [];
  let guarded: GuardedSchema;

  before(() => {
    guarded = createGuardedSchema({
      modules: [
        {
          name: 'github',
          typeDefs: githubSdl(),
          resolvers: { Query: { viewer: () => ({ login: 'octocat' }), rateLimit: () => ({ limit: 1 }) } },
        },
      ],
      onWarning: (warning) => warnings.push(warning),
    });
  });

  it('starts, and its rules are enforced', async () => {
    assert.ok(guarded.rules.length > 2_000, `${guarded.rules.length} rules`);
    const { data } = await run(guarded, '{ viewer { login } }', holder('user'));
    assert.equal(JSON.stringify(data), '{"viewer":{"login":"octocat"}}');
    const { data: denied, errors = [] } = await run(guarded, '{ viewer { login } }');
    assert.equal(denied, null);
    assert.equal(errors[0]?.extensions['code'], 'UNAUTHENTICATED');
  });

  it('warns of each rule on a value of an enum that a field returns, and of no other', () => {
    const types = Object.values(guarded.schema.getTypeMap()).filter(
      (type) => isObjectType(type) || isInterfaceType(type),
    );
    const fields = types.flatMap((type) => Object.values(type.getFields()));
    const isReturned = (name: string) => fields.some((field) => getNamedType(field.type).name === name);
    const expected = guarded.rules
      .filter(({ kind, coordinate }) => kind === 'enumValue' && isReturned(coordinate.split('.')[0] ?? ''))
      .map(({ coordinate }) => coordinate);
    const found = warnings.filter((text) => text.includes('a field that returns the value is not denied'));
    assert.ok(expected.length > 20);
    assert.deepEqual(new Set(found.map((text) => text.split(' ')[0])), new Set(expected));
  });

  it('warns of each field that inherits a rule and has none', () => {
    const own = (coordinate: string) => guarded.rules.some((rule) => rule.coordinate === coordinate);
    const expected = guarded.rules.flatMap(({ kind, coordinate }) => {
      const [parent = '', member = ''] = coordinate.split('.');
      const type = guarded.schema.getType(parent);
      if (kind !== 'field' || !isInterfaceType(type)) return [];
      const inheriting = guarded.schema.getImplementations(type).objects.map(({ name }) => `${name}.${member}`);
      return inheriting.filter((place) => !own(place));
    });
    const found = warnings.filter((text) => text.includes('inherits @auth'));
    assert.ok(expected.length > 10);
    assert.deepEqual(new Set(found.map((text) => text.split(' ')[0])), new Set(expected));
  });
});
