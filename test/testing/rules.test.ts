import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runInThisContext } from 'node:vm';
import { createGuardedSchema } from '../../src/index.ts';
import { as, decisionAt, guardedCoordinates, ruleTests } from '../../src/testing.ts';
import { quoted, writeCaller } from '../../src/testing/rules/rule-callers.ts';
import { ruleCases } from '../../src/testing/rules/rule-cases.ts';
import { ruleTable } from '../../src/testing/rules/rule-table.ts';
import { directiveExamples, examplePolicies } from '../support/directive-examples.ts';

const now = Date.UTC(2030, 0, 1);
const typeDefs = `
  interface Node @auth(scope: "nodes") { id: ID  note(text: String @auth(scope: "text")): String @auth(scope: "notes") }
  type Query @auth { open: Order  both: Int @auth(scope: "a b", claims: [{claim: "tenant", oneOf: ["acme"]}])
    mine(userId: ID): Int @auth(owner: "$userId")  asked: Int @auth(policy: "ask")
    fresh: Int @auth(maxAge: 300, acr: ["gold"])  any(in: In, kind: Kind): Int
    either: Int @auth(scope: ["x", "y z"], anyOf: [{scope: "admin"}, {owner: "$userId"}])
    sub: Int @auth(claims: [{claim: "sub", oneOf: ["grace"]}])  issued: Int @auth(claims: [{claim: "iss", exists: true}])
    trial: Int @auth(scope: "t", mode: SHADOW) }
  extend type Query { never: Int @auth(claims: [{claim: "a", oneOf: ["1"]}]) @auth(claims: [{claim: "a", oneOf: ["2"]}]) }
  type Order implements Node { id: ID  note(text: String): String  plain: Int }
  input In { free: Int  ruled: Int @auth(scope: "ruled") }
  enum Kind { OPEN  CLOSED @auth(scope: "closed") }`;
const guarded = createGuardedSchema({
  modules: [{ name: 'one', typeDefs: typeDefs.replace('either: Int', 'either(userId: ID): Int') }],
  policies: { ask: (requests) => requests.map(() => true) },
});
const decisions = (coordinate: string) =>
  ruleCases(guarded, undefined, now)
    .find((element) => element.coordinate === coordinate)
    ?.cases.map(({ caller, decision }) => `${decision} ${writeCaller(caller)}`);

describe('the callers of each rule', () => {
  const expected: Readonly<Record<string, readonly string[]>> = {
    'Query.open': ['allow {}', 'deny null'],
    'Query.both': [
      "allow { claims: { tenant: 'acme' }, scopes: 'a b' }",
      'deny null',
      'deny {}',
      "deny { claims: { tenant: 'acme' }, scopes: 'b' }",
      "deny { claims: { tenant: 'acme' }, scopes: 'a' }",
      "deny { scopes: 'a b' }",
    ],
    'Query.mine': ['depends {}', 'deny null', 'deny { account: null }'],
    'Query.asked': ['depends {}', 'deny null'],
    'Query.fresh': [
      "allow { acr: 'gold', authenticatedAt: ago(0) }",
      'deny null',
      'deny {}',
      'deny { authenticatedAt: ago(0) }',
      "deny { acr: 'gold' }",
      "deny { acr: 'gold', authenticatedAt: ago(3900) }",
    ],
    'Query.sub': ["allow { account: 'grace' }", 'deny null', 'deny {}'],
    'Order.note': ["allow { scopes: 'notes' }", 'deny null', 'deny {}'],
    'Order.note(text:)': ["allow { scopes: 'text' }", 'deny null', 'deny {}'],
    'In.ruled': ["allow { scopes: 'ruled' }", 'deny null', 'deny {}'],
    'Kind.CLOSED': ["allow { scopes: 'closed' }", 'deny null', 'deny {}'],
    'Query.never': ['deny null', 'deny {}'],
  };
  for (const [coordinate, callers] of Object.entries(expected)) {
    it(`of ${coordinate}`, () => assert.deepEqual(decisions(coordinate), callers));
  }

  it('are each alternative of a rule, and the callers near to it', () => {
    const found = decisions('Query.either') ?? [];
    for (const caller of [
      "allow { scopes: 'x admin' }",
      "depends { scopes: 'x' }",
      "allow { scopes: 'y z admin' }",
      "depends { scopes: 'y z' }",
      "deny { scopes: 'admin' }",
      "deny { account: null, scopes: 'x' }",
    ]) {
      assert.ok(found.includes(caller), `${caller}\n${found.join('\n')}`);
    }
  });

  it('belong to each element with a rule, inherited rules included, and to no other', () => {
    const listed = ruleCases(guarded).map(({ coordinate }) => coordinate);
    assert.deepEqual(listed, guardedCoordinates(guarded));
    for (const coordinate of ['Node', 'Order', 'Node.note', 'Query.any'])
      assert.ok(listed.includes(coordinate), coordinate);
    for (const coordinate of ['Query', 'Order.plain', 'Kind.OPEN', 'In.free', 'In']) {
      assert.ok(!listed.includes(coordinate), coordinate);
    }
    assert.deepEqual(guardedCoordinates(guarded, ['another']), []);
  });

  it('are not written if only the issuer sets the claim, and the table says so', () => {
    assert.deepEqual(decisions('Query.issued'), ['deny null']);
    const found = ruleCases(guarded).filter(({ coordinate }) => coordinate === 'Query.issued');
    assert.match(
      ruleTable(found),
      /Query\.issued +denied +no token +requires .* \(not every alternative has a caller here\)/,
    );
  });

  for (const { rule, on } of directiveExamples) {
    it(`a documented rule has callers whom it lets in and callers whom it denies: ${rule}`, () => {
      const example = createGuardedSchema({
        modules: [
          {
            name: 'shop',
            typeDefs: `
              type Query { order(id: ID!, userId: ID): Order ${on === 'type' ? '@public' : rule} }
              type Order ${on === 'type' ? rule : ''} { id: ID! userId: ID }`,
          },
        ],
        policies: examplePolicies,
      });
      const [element] = ruleCases(example);
      const found = element?.cases.map(({ decision }) => decision) ?? [];
      assert.ok(
        found.some((decision) => decision !== 'deny'),
        found.join(),
      );
      assert.ok(found.includes('deny'), found.join());
    });
  }
});

describe('decisionAt', () => {
  it('allows every caller at an element without a rule', () => {
    assert.equal(decisionAt(guarded, 'Order.plain', as(null)), 'allow');
  });

  it('throws for an element that the schema does not have', () => {
    assert.throws(
      () => decisionAt(guarded, 'Query.opne', as(null)),
      /no element Query\.opne; the nearest is Query\.open/,
    );
  });

  it('refuses a caller that Claimgate did not make', () => {
    assert.throws(() => decisionAt(guarded, 'Query.open', { ...as() }), TypeError);
  });
});

describe('ruleTests', () => {
  const imports = ["import { guarded } from '../src/api.ts';"];

  it('returns the table and the file of a schema without a server', () => {
    const { table, file } = ruleTests(guarded, { imports, runner: 'jest' });
    assert.match(table, /^Query\.open +passes +a token without scopes +requires a valid access token$/m);
    assert.match(file, /^import \{ describe, it \} from '@jest\/globals';$/m);
    assert.match(file, /^import \{ guarded \} from '\.\.\/src\/api\.ts';$/m);
    assert.match(file, /^ {2}\['Kind\.CLOSED', 'allow', \{ scopes: 'closed' \}\],$/m);
    assert.match(file, /^const guarded|guardedCoordinates\(guarded\);$/m);
    for (const line of file.split('\n')) assert.ok(!/\bundefined\b/.test(line), line);
  });

  it('reports a wrong option', () => {
    assert.throws(
      () => ruleTests(guarded, { imports, runner: 'mocha' as 'node' }),
      /runner: expected one of node, vitest/,
    );
    assert.throws(() => ruleTests(guarded, {} as { imports: [] }), /imports: expected an array of strings/);
  });
});

/** Returns the value of an expression. */
const valueOf = (expression: string): unknown => runInThisContext(`(${expression})`);

describe('a caller in a test file', () => {
  it('is the same caller when the file runs, for any text', () => {
    const texts = ["it's", '"', '\\', '\n', '\u2028', '${x}', '`', '*/', "'];process.exit()//"];
    for (const text of texts) assert.equal(valueOf(quoted(text)), text);
    const claims = { 'a-b': { nested: ["x'y", 1, true, null] }, ['__proto__']: { x: 1 } };
    const written = writeCaller({ claims });
    assert.equal(JSON.stringify(valueOf(written)), JSON.stringify({ claims }));
  });
});
