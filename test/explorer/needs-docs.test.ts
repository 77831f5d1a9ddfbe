import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildSchema, isObjectType } from 'graphql';
import { apiNamesOf } from '../../src/explorer/client/needs/api-names.ts';
import {
  createElementRules,
  ownerOf,
  typesToLoad,
  withoutRules,
} from '../../src/explorer/client/needs/docs/element-rules.ts';
import { createSchemaRules, type SchemaRule } from '../../src/explorer/client/needs/docs/schema-rules.ts';

const rule = (coordinate: string, parts: Partial<SchemaRule> = {}): SchemaRule => ({
  coordinate,
  words: 'the scope `a`',
  decision: 'ALLOW',
  shadow: false,
  ...parts,
});
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};
const ada = { id: 'ada', version: '1' };

/** A store of rules over a table of pages, and the requests that it made. */
function bench(pages: (types: readonly string[], after: string | null) => unknown) {
  const calls: { types: readonly string[]; callerId: string; signal: AbortSignal }[] = [];
  const store = createSchemaRules((variables, callerId, signal) => {
    const { types, after } = variables as { types: readonly string[]; after: string | null };
    calls.push({ types, callerId, signal });
    return Promise.resolve({ schemaRules: pages(types, after) });
  });
  return { store, calls };
}

describe('The rules in the documentation', () => {
  it('are loaded for the types of a page, once for each type', async () => {
    const { store, calls } = bench((types) => ({ nodes: types.map((type) => rule(type)), endCursor: null }));
    store.load(['User', 'Role', 'User'], ada);
    await settled();
    store.load(['User', 'Order'], ada);
    await settled();
    store.load(['Order', 'Role'], ada);
    await settled();
    assert.deepEqual(
      calls.map(({ types }) => types),
      [['User', 'Role'], ['Order']],
    );
    assert.deepEqual([...store.known().rules.keys()], ['User', 'Role', 'Order']);
  });

  it('are read page by page, and in parts of 100 names', async () => {
    const { store, calls } = bench((types, after) => ({
      nodes: [rule(`${types[0]}.${after ?? 'first'}`)],
      endCursor: after === null ? 'second' : null,
    }));
    store.load(
      Array.from({ length: 150 }, (_, index) => `T${index}`),
      ada,
    );
    for (let turn = 0; turn < 10; turn += 1) await settled();
    assert.deepEqual(
      calls.map(({ types }) => types.length),
      [100, 100, 50, 50],
    );
    assert.deepEqual([...store.known().rules.keys()], ['T0.first', 'T0.second', 'T100.first', 'T100.second']);
  });

  it('are forgotten when the caller or its token changes, and the older request is cancelled', async () => {
    const { store, calls } = bench((types) => ({ nodes: types.map((type) => rule(type)), endCursor: null }));
    store.load(['User'], ada);
    store.load(['User'], { id: 'ada', version: '2' });
    assert.equal(calls[0]?.signal.aborted, true);
    await settled();
    store.load(['User'], { id: 'bob', version: '1' });
    await settled();
    assert.deepEqual(
      calls.map(({ callerId }) => callerId),
      ['ada', 'ada', 'bob'],
    );
  });

  it('of several requests after a change of the caller are all kept, in whichever order the answers arrive', async () => {
    const answers: (() => void)[] = [];
    const store = createSchemaRules(async (variables) => {
      const { types } = variables as { types: readonly string[] };
      await new Promise<void>((resolve) => answers.push(resolve));
      return { schemaRules: { nodes: types.map((type) => rule(type)), endCursor: null } };
    });
    store.load(['Earlier'], ada);
    answers.shift()?.();
    await settled();
    const bob = { id: 'bob', version: '1' };
    store.load(['User'], bob);
    store.load(['Order'], bob);
    for (const answer of answers.toReversed()) {
      answer();
      await settled();
    }
    assert.deepEqual([...store.known().rules.keys()].toSorted(), ['Order', 'User']);
  });

  it('say why they are not known, and are asked for again', async () => {
    let isDown = true;
    const { store } = bench((types) => (isDown ? null : { nodes: types.map((type) => rule(type)), endCursor: null }));
    store.load(['User'], ada);
    await settled();
    assert.match(store.known().fault ?? '', /no rules/);
    isDown = false;
    store.load(['User'], ada);
    await settled();
    assert.equal(store.known().fault, null);
    assert.equal(store.known().rules.size, 1);
  });

  it('belong to an element, and to its counterpart in an interface', () => {
    const schema = buildSchema(`
      type Query { node(id: ID): Node, user: User }
      interface Node { id: ID, list(first: Int): Int }
      type User implements Node { id: ID, list(first: Int): Int, role: Role }
      enum Role { ADMIN }
    `);
    const rules = [rule('Node'), rule('Node.id'), rule('User.id'), rule('Node.list(first:)'), rule('Role.ADMIN')];
    const found = createElementRules(
      schema,
      Map.groupBy(rules, ({ coordinate }) => coordinate),
    );
    const names = (some: readonly SchemaRule[]): string[] => some.map(({ coordinate }) => coordinate);
    assert.deepEqual(names(found.ofType('User')), ['Node']);
    assert.deepEqual(names(found.ofMember('User', 'id')), ['User.id', 'Node.id']);
    assert.deepEqual(names(found.ofArgument('User', 'list', 'first')), ['Node.list(first:)']);
    assert.deepEqual(names(found.ofMember('Role', 'ADMIN')), ['Role.ADMIN']);
    const user = schema.getType('User');
    assert.ok(isObjectType(user));
    assert.deepEqual(typesToLoad(schema, user), ['User', 'Node']);
    const field = user.getFields()['role'];
    assert.ok(field);
    assert.equal(ownerOf(schema, field), 'User');
    assert.equal(ownerOf(schema, { ...field }), null);
  });

  it('replace the paragraph that the server appends to descriptions, and no other text', () => {
    const rules = [rule('User.id'), rule('User.id', { words: 'the scope `b`' }), rule('Node.id', { words: 'more' })];
    const without = (text: string | null): string => withoutRules(text, rules, 'User.id');
    assert.equal(without('The ID.\n\nRequires the scope `a`; and the scope `b`.'), 'The ID.');
    assert.equal(without('Requires the scope `a`; and the scope `b`.'), '');
    assert.equal(without('Requires the scope `a`.'), 'Requires the scope `a`.');
    assert.equal(withoutRules('Requires patience.', [], 'User.id'), 'Requires patience.');
    assert.equal(without(null), '');
  });
});

describe('The names of the fields that the explorer asks', () => {
  it('are found with and without a prefix', () => {
    const plain = buildSchema(
      'type Query { explainOperation: OperationExplanation, schemaRules: SchemaRulePage } type OperationExplanation { a: Int } type SchemaRulePage { a: Int }',
    );
    assert.deepEqual(apiNamesOf(plain), { explainOperation: 'explainOperation', schemaRules: 'schemaRules' });
    const prefixed = buildSchema(
      'type Query { myExplainOperation: MyOperationExplanation, mySchemaRules: MySchemaRulePage } type MyOperationExplanation { a: Int } type MySchemaRulePage { a: Int }',
    );
    assert.deepEqual(apiNamesOf(prefixed), { explainOperation: 'myExplainOperation', schemaRules: 'mySchemaRules' });
    assert.deepEqual(apiNamesOf(null), apiNamesOf(plain));
  });
});
