import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parse } from 'graphql';
import { createGuardedSchema } from '../../src/index.ts';
import { as } from '../../src/testing.ts';
import { checkClient } from '../../src/tools/explain/client.ts';
import { createFindNeeds, type OperationNeeds } from '../../src/tools/explain/needs.ts';
import { needsJson, needsMarkdown, needsText } from '../../src/tools/explain/report.ts';
import { operationsOf } from '../../src/tools/operations/read.ts';
import { plain } from '../../src/tools/report/paint.ts';
import { sourceOfSdl } from '../../src/tools/source/sdl.ts';
import { githubSdl, largeQuery } from '../support/github.ts';

const sdl = `
  type Query {
    open: Int @public
    orders(where: Filter, first: Int @auth(scope: "paging")): [Order!]! @auth(scope: "orders:read")
    node(id: ID!): Node @auth
    either: Int @auth(scope: ["a", "b c"])
    mine(account: ID!): Int @auth(owner: "$account")
    partly: Int @auth(scope: "a", anyOf: [{ scope: "b" }, { policy: "office" }])
  }
  interface Node { id: ID! @auth(scope: "ids") }
  type Order implements Node { id: ID!  total: Int @auth(scope: "totals")  note: String @auth(policy: "office")  late: Int @auth(mode: SHADOW, scope: "late") }
  type Bill implements Node @auth(scope: "bills") { id: ID! }
  input Filter { text: String  secret: String @auth(scope: "secrets")  status: [Status!]  and: [Filter!]  must: Inner }
  input Inner @auth(scope: "inner") { deep: Filter }
  enum Status { OPEN  HELD @auth(scope: "held") }
`;
const source = sourceOfSdl('shop.graphql', [{ name: 'shop.graphql', text: sdl }]);
const findNeeds = createFindNeeds(source);
const needsOf = (text: string, name = 'a.graphql'): readonly OperationNeeds[] =>
  operationsOf([{ name, text }], 'a').map(findNeeds);
function needs(text: string): OperationNeeds {
  const [one] = needsOf(text);
  assert.ok(one);
  return one;
}
const scopes = ({ leastScopes }: OperationNeeds) => leastScopes.map((set) => set.toSorted().join(' ')).toSorted();
const without = ({ withoutOptional }: OperationNeeds) =>
  withoutOptional?.map((set) => set.toSorted().join(' ')) ?? null;
const coordinates = ({ elements }: OperationNeeds) => elements.map(({ coordinate }) => coordinate).toSorted();

describe('what an operation needs', () => {
  it('is the least sets of scopes as alternatives, with the elements that ask for them', () => {
    assert.deepEqual(scopes(needs('{ open }')), ['']);
    assert.equal(needs('{ open }').token, false);
    assert.deepEqual(scopes(needs('{ orders { total id late } }')), ['ids orders:read totals']);
    assert.deepEqual(coordinates(needs('{ orders { total id late } }')), ['Order.id', 'Order.total', 'Query.orders']);
    assert.deepEqual(scopes(needs('{ either orders { id } }')), ['a ids orders:read', 'b c ids orders:read']);
    assert.deepEqual(scopes(needs('{ node(id: 1) { ... on Order { total } ... on Bill { id } } }')), [
      'bills ids totals',
    ]);
    assert.deepEqual(scopes(needs('{ partly }')), ['a b']);
    assert.deepEqual(scopes(needs('{ mine(account: 1) }')), ['']);
    assert.equal(needs('{ mine(account: 1) }').token, true);
  });

  it('counts what some values of the variables supply, and names what is needed without it', () => {
    const one = needs('query ($where: Filter) { orders(where: $where) { total } }');
    assert.deepEqual(scopes(one), ['held inner orders:read secrets totals']);
    assert.deepEqual(without(one), ['orders:read totals']);
    const optional = one.elements.filter(({ isOptional }) => isOptional).map(({ coordinate }) => coordinate);
    assert.deepEqual(optional.toSorted(), ['Filter.secret', 'Inner', 'Status.HELD']);
    assert.deepEqual(scopes(needs('query ($s: Status!) { orders(where: { status: [$s] }) { total } }')), [
      'held orders:read totals',
    ]);
    assert.deepEqual(without(needs('query ($i: Inner!) { orders(where: { must: $i }) { total } }')), [
      'inner orders:read totals',
    ]);
    assert.deepEqual(scopes(needs('{ orders(where: { status: OPEN, and: [{ text: "x" }] }, first: 1) { total } }')), [
      'orders:read paging totals',
    ]);
    const skipped = needs(
      'query ($x: Boolean!) { orders { total @skip(if: $x) ...F @include(if: $x) } } fragment F on Order { id }',
    );
    assert.deepEqual([scopes(skipped), without(skipped)], [['ids orders:read totals'], ['orders:read']]);
    const never = needs('{ orders { total @skip(if: true) __typename } }');
    assert.deepEqual(scopes(never), ['orders:read']);
    assert.deepEqual(without(needs('query ($n: Int) { orders(first: $n) { total } }')), ['orders:read totals']);
    assert.equal(without(needs('query ($n: Int = 3) { orders(first: $n) { total } }')), null);
  });

  it('has every input that some server takes, and no input that is nested deeper', () => {
    const inputs = Array.from(
      { length: 250 },
      (_, at) => `input I${at} { a: Int @auth(scope: "s${at}") next: I${at + 1} }`,
    );
    const text = `type Query { find(in: I0): Int @public } ${inputs.join(' ')} input I250 { a: Int }`;
    const found = createFindNeeds(sourceOfSdl('deep.graphql', [{ name: 'deep.graphql', text }]));
    const all = (operation: string) => operationsOf([{ name: 'a.graphql', text: operation }], 'a').map(found);
    const upTo = (end: number) =>
      Array.from({ length: end }, (_, at) => `s${at}`)
        .toSorted()
        .join(' ');
    const wholes = ['query ($v: I0) { find(in: $v) }', 'query ($v: I2) { find(in: { next: { a: 1 next: $v } }) }'];
    assert.deepEqual(wholes.flatMap(all).flatMap(scopes), [upTo(200), upTo(200).replace('s0 ', '')]);
  });

  it('is not known if the inputs that it always supplies are nested too deep', () => {
    const inputs = Array.from({ length: 250 }, (_, at) => `input I${at} { next: I${at + 1}! }`);
    const text = `type Query { find(in: I0): Int @public } ${inputs.join(' ')} input I250 { a: Int @auth(scope: "a") }`;
    const found = createFindNeeds(sourceOfSdl('deep.graphql', [{ name: 'deep.graphql', text }]));
    const [one] = operationsOf([{ name: 'a.graphql', text: 'query ($v: I0!) { find(in: $v) }' }], 'a');
    assert.throws(() => one && found(one), /^ToolFault: a\.graphql:1: the operation cannot be judged: .*"inputDepth"/);
  });

  it('covers every rule that explainOperation finds for given values of the variables', () => {
    const guarded = createGuardedSchema({
      modules: [
        {
          name: 'shop',
          typeDefs: sdl
            .replaceAll('@auth(policy: "office")', '@auth(scope: "office")')
            .replace('{ policy: "office" }', '{ scope: "office" }'),
        },
      ],
    });
    const text =
      'query Q($where: Filter, $first: Int, $on: Boolean!) { orders(where: $where, first: $first) { total @include(if: $on) } }';
    const all = new Set(coordinates(needs(text)));
    const filter: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
      filter: fc.record(
        {
          text: fc.constantFrom('x', null),
          secret: fc.constantFrom('x', null),
          status: fc.oneof(fc.constantFrom('HELD', null), fc.array(fc.constantFrom('OPEN', 'HELD'), { maxLength: 2 })),
          and: fc.oneof({ maxDepth: 3 }, fc.constant(null), fc.array(tie('filter'), { maxLength: 2 })),
          must: fc.oneof({ maxDepth: 3 }, fc.constant(null), fc.record({ deep: tie('filter') }, { requiredKeys: [] })),
        },
        { requiredKeys: [] },
      ),
    })).filter;
    const variables = fc.record(
      { where: fc.oneof(fc.constant(null), filter), first: fc.constantFrom(1, null), on: fc.boolean() },
      { requiredKeys: ['on'] },
    );
    const document = parse(text);
    const seen = new Set<string>();
    fc.assert(
      fc.property(variables, (values) => {
        const { elements, faults } = guarded.explainOperation({ document, variables: values, principal: as(null) });
        assert.deepEqual(faults, []);
        for (const { coordinate } of elements) {
          seen.add(coordinate);
          assert.ok(all.has(coordinate), `${coordinate} for ${JSON.stringify(values)}`);
        }
      }),
      { numRuns: 300 },
    );
    // Each of them is needed for some values.
    assert.deepEqual([...seen].toSorted(), [...all].toSorted());
  });

  it('names the rules with an owner or a policy', () => {
    const report = JSON.parse(needsJson('shop', needsOf('query A { mine(account: 1) orders { note } }')));
    assert.deepEqual(report.operations[0].dynamic, ['Query.mine', 'Order.note']);
    assert.equal(report.operations[0].elements[0].rules[0].words, 'to be the owner (`$account`)');
  });

  it('refuses an operation that is not valid, or too large to be judged, in one line', () => {
    let faultText = '';
    const fault = (text: string, name?: string) =>
      assert.throws(
        () => needsOf(text, name),
        (error: Error) => {
          faultText = error.message;
          return error.name === 'ToolFault' && !faultText.includes('\n');
        },
      );
    fault('{\n  oders { id }\n}');
    assert.match(faultText, /^a\.graphql:2: Cannot query field "oders" on type "Query"\. Did you mean "orders"/);
    fault('{\n"abc": "{ oders { id } }" }', 'm.json');
    assert.match(faultText, /^m\.json:2: Cannot query field "oders".*\(line 1, column 3 of the document\)/);
    const names = Array.from({ length: 220 }, (_, at) => at);
    fault(`{ orders(where: ${names.map(() => '{ and: ').join('')}{}${'}'.repeat(220)}) { id } }`);
    assert.match(faultText, /^a\.graphql:1: the operation cannot be judged: .*"inputDepth"/);
  });

  it('is wrapped beside the elements on a terminal', () => {
    const many = Array.from({ length: 20 }, (_, at) => `scope-${at}`).join(' ');
    const long = 'aFieldWithANameThatTakesMoreThanHalfOfTheTerminal';
    const wide = sourceOfSdl('a.graphql', [
      {
        name: 'a.graphql',
        text: `type Query { a(b: Int @auth(scope: "b")): Int @auth(scope: "${many}") ${long}: Int @auth(scope: "${many}") }`,
      },
    ]);
    for (const text of ['query Q($b: Int) { a(b: $b) }', `{ a ${long} }`]) {
      const all = operationsOf([{ name: 'q.graphql', text }], 'q.graphql').map(createFindNeeds(wide));
      const wrapped = needsText(all, plain, 80);
      assert.ok(
        wrapped.split('\n').every((line) => line.length <= 80),
        wrapped,
      );
      assert.match(wrapped, /\n {2}needs {5}\S[^\n]*\n {12}\S/);
      assert.equal(wrapped.replaceAll(/\s+/g, ' '), needsText(all, plain).replaceAll(/\s+/g, ' '));
    }
  });

  it('is reported as text, Markdown and JSON, without control characters', () => {
    const all = needsOf(
      'query Orders($where: Filter) { orders(where: $where) { total note } node(id: 1) { id ... on Bill { id } } }',
      'odd\u001b[31m.graphql',
    );
    const text = needsText(all, plain);
    assert.match(text, /^Orders {2}odd\\u\{1b\}\[31m\.graphql:1\n {2}needs {5}/);
    assert.match(text, /\n {12}.*, if its variables leave out all optional parts\n/);
    assert.match(text, /\n {2}asked by {2}Query\.orders/);
    assert.match(text, /\n {12}Filter\.secret .*the scope `secrets` \(only with some variables\)\n/);
    assert.match(text, /\n {12}for some types only: Bill\n/);
    assert.match(text, /\n {2}depends {3}on an owner or a policy too: Order\.note\n$/);
    assert.match(
      needsMarkdown('shop', all),
      /^### What 1 operation needs\n\nSchema: `shop`\n\n\| operation \|[^\n]*\n\| --- [^\n]*\n\| `Orders` \| `[^`]*` \| [^\n]* \| `Order\.note` \|\n$/,
    );
  });
});

describe('explain --check', () => {
  const check = (registered: string, ...texts: readonly string[]) => {
    const all = texts.flatMap((text, at) => needsOf(text, `${at}.graphql`));
    return checkClient({ name: 'web', scopes: registered.split(' ') }, all, source.rules).map(({ text }) => text);
  };

  it('finds nothing if a client has exactly what its operations need', () => {
    assert.deepEqual(check('orders:read totals openid offline_access', 'query A { orders { total } }'), []);
    assert.deepEqual(check('b c', 'query A { either }'), []);
  });

  it('names the operation that lacks scopes, and the scopes that no operation needs', () => {
    assert.deepEqual(
      check('orders:read held ids', 'query A { orders { total } }', 'query B { orders { __typename } }'),
      [
        '0.graphql:1: web lacks totals for A',
        'web has more than it needs: without held ids, every operation has the scopes that it needs',
      ],
    );
    // One of two alternatives is enough.
    assert.deepEqual(check('a b c', 'query A { either }'), [
      'web has more than it needs: without b c, every operation has the scopes that it needs',
    ]);
    // A scope that an operation needs together with a missing one is not too much.
    assert.deepEqual(check('orders:read', 'query A { orders { total } }'), ['0.graphql:1: web lacks totals for A']);
  });
});

describe('explain with the schema of GitHub', () => {
  it('is fast, with the scopes of hand-checked elements', () => {
    const text = githubSdl();
    const started = process.cpuUsage();
    const github = sourceOfSdl('github.graphql', [{ name: 'github.graphql', text }]);
    const [overview] = operationsOf([{ name: 'overview.graphql', text: largeQuery }], 'overview').map(
      createFindNeeds(github),
    );
    const { user } = process.cpuUsage(started);
    // About 1 s on the machine of the guide. The bound leaves room for a slow one.
    assert.ok(user < 4_000_000, `${user} µs`);
    assert.ok(overview);
    const ruled = new Map(
      overview.elements.map(({ coordinate, rules }) => [coordinate, rules.map(({ requirement }) => requirement.scope)]),
    );
    assert.deepEqual(ruled.get('Query.search'), [[['repo']]]);
    assert.deepEqual(ruled.get('Repository'), [[['repo'], ['public_repo']]]);
    assert.deepEqual(ruled.get('Repository.vulnerabilityAlerts'), [[['security_events']]]);
    assert.equal(ruled.has('User.login'), false);

    // Read by hand in the annotated SDL.
    const checked: Readonly<Record<string, readonly string[]>> = {
      '{ node(id: 1) { ... on Commit { tree { __typename } status { state } } } }': [
        'repo user:email',
        'repo workflow',
      ],
      '{ node(id: 1) { ... on User { login createdAt status { emoji organization { login } } } } }': ['read:org'],
      '{ node(id: 1) { ... on Issue { title author { login } labels { __typename } } } }': ['gist'],
      '{ viewer { login repository(name: "x") { name owner { login } viewerHasStarred } } }': ['read:org repo'],
      '{ node(id: 1) { ... on Release { name author { login } } } }': ['repo', 'user:email workflow'],
      '{ node(id: 1) { ... on License { body } ... on Language { name } } }': ['project'],
      'mutation { addStar(input: { starrableId: 1 }) { starrable { __typename } } }': [
        'public_repo write:stars',
        'repo write:stars',
      ],
      'mutation ($input: AddStarInput!) { addStar(input: $input) { clientMutationId } }': [
        'public_repo write:stars',
        'repo write:stars',
      ],
      '{ node(id: 1) { ... on Gist { name files { __typename } url } } }': ['public_repo', 'read:user repo'],
      '{ resource(url: "https://x.example") { url } }': ['read:audit'],
      '{ repository(owner: "a", name: "b") { issues(states: [CLOSED]) { totalCount } } }': ['read:audit repo'],
      '{ repository(owner: "a", name: "b") { issues(states: [OPEN]) { totalCount } } }': ['repo'],
    };
    const findNeeds = createFindNeeds(github);
    for (const [text, expected] of Object.entries(checked)) {
      const [one] = operationsOf([{ name: 'a.graphql', text }], 'a').map(findNeeds);
      assert.ok(one);
      assert.deepEqual(scopes(one), expected, text);
    }
  });
});
