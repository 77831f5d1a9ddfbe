import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideForm } from '../../src/auth/algebra/form.ts';
import { anonymous, type Principal } from '../../src/principal.ts';
import { coverageOf } from '../../src/tools/coverage/coverage.ts';
import { layOut } from '../../src/tools/coverage/page/layout.ts';
import { judgeOpenFields } from '../../src/tools/coverage/open-fields.ts';
import { coveragePage } from '../../src/tools/coverage/page/html.ts';
import { type CallerScopes, passes } from '../../src/tools/coverage/reach.ts';
import { coverageJson, coverageText } from '../../src/tools/coverage/report.ts';
import { createFindNeeds } from '../../src/tools/explain/needs.ts';
import { operationsOf } from '../../src/tools/operations/read.ts';
import { plain } from '../../src/tools/report/paint.ts';
import { sourceOfSdl } from '../../src/tools/source/sdl.ts';
import { githubSdl } from '../support/github.ts';

const sdl = `
  type Query {
    open: Int @public
    orders: [Order!]! @auth(scope: "orders:read")
    find: Found @auth
    late: Int
    mine: Secret @auth(policy: "office")
  }
  type Mutation @auth(scope: "write") { pay(amount: Int @auth(scope: "pay")): Int }
  interface Node { id: ID! @auth(scope: "ids") }
  interface Guarded @auth(scope: "guarded") { note: String }
  type Order implements Node { id: ID!  total: Int  customer: Customer  state: State  lost: Lost }
  type Customer @auth(scope: "customers") { name: String  order: Order }
  type Secret implements Guarded { note: String }
  union Found @auth(scope: "find") = Order | Hidden
  type Hidden { value: Int }
  type Lost { way: Int @auth(scope: "never") }
  type Island { alone: Int @auth(mode: SHADOW) }
  enum State @auth(scope: "states") { A  B @auth(scope: "b") }
`;
const source = sourceOfSdl('shop.graphql', [{ name: 'shop.graphql', text: sdl }]);
const cover = (caller?: CallerScopes) => coverageOf(source, caller);
const field = (coordinate: string, caller?: CallerScopes) => {
  const found = cover(caller)
    .types.flatMap(({ fields }) => fields)
    .find((one) => one.coordinate === coordinate);
  assert.ok(found, coordinate);
  return found;
};
const held = (coordinate: string) => field(coordinate).rules.map(({ rule, from }) => `${rule.coordinate} ${from}`);

describe('the coverage of a schema', () => {
  it('has the effective rules of each field, and where they come from', () => {
    assert.deepEqual(held('Query.orders'), ['Query.orders own']);
    assert.deepEqual(held('Query.find'), ['Query.find own', 'Found union']);
    assert.deepEqual(held('Mutation.pay'), ['Mutation root type']);
    assert.deepEqual(held('Order.id'), ['Node.id interface']);
    assert.deepEqual(held('Order.customer'), ['Customer returned type']);
    assert.deepEqual(held('Order.state'), ['State returned type']);
    assert.deepEqual(held('Customer.name'), ['Customer type']);
    assert.deepEqual(held('Secret.note'), ['Guarded interface']);
    assert.deepEqual(
      field('Mutation.pay').argumentRules.map(({ coordinate }) => coordinate),
      ['Mutation.pay(amount:)'],
    );
    assert.deepEqual(
      cover().inputRules.map(({ coordinate }) => coordinate),
      ['State', 'State.B'],
    );
  });

  it('tells public on purpose from bare, and names the paths to bare fields', () => {
    assert.equal(field('Query.open').state, 'public');
    assert.equal(field('Query.late').state, 'bare');
    assert.equal(field('Order.total').state, 'bare');
    const { bare, counts } = cover();
    const paths = bare.map(({ type, fields, paths }) => [
      type,
      fields.join(' '),
      ...paths.map(({ fields }) => fields.join(' > ')),
    ]);
    assert.deepEqual(paths, [
      ['Query', 'Query.late'],
      ['Order', 'Order.total Order.lost', 'Query.orders', 'Query.find'],
      ['Hidden', 'Hidden.value', 'Query.find'],
      ['Island', 'Island.alone'],
    ]);
    assert.deepEqual(counts, { guarded: 11, public: 1, bare: 5, types: 11, fields: 17 });
    assert.match(source.startFaults.join(), /Query\.late/);
  });

  it('finds what a caller reaches with chosen scopes', () => {
    const reached = (caller: CallerScopes) =>
      Object.fromEntries(
        cover(caller)
          .types.filter(({ kind }) => kind === 'type')
          .flatMap(({ fields }) =>
            fields.filter((one) => one.reached !== 'no').map((one) => [one.coordinate, one.reached]),
          ),
      );
    assert.deepEqual(reached(null), { 'Query.open': 'yes', 'Query.late': 'yes' });
    assert.deepEqual(reached(new Set(['orders:read'])), {
      'Query.open': 'yes',
      'Query.orders': 'yes',
      'Query.late': 'yes',
      'Order.total': 'yes',
      'Order.lost': 'yes',
    });
    assert.deepEqual(reached(new Set(['guarded', 'find'])), {
      'Query.open': 'yes',
      'Query.find': 'yes',
      'Query.late': 'yes',
      'Query.mine': 'depends',
      'Secret.note': 'depends',
      'Order.total': 'yes',
      'Order.lost': 'yes',
      'Hidden.value': 'yes',
    });
    assert.equal(field('Island.alone', new Set(['orders:read'])).reached, 'no');
  });

  it('decides the forms of the algebra as the algebra does', () => {
    const { graph } = cover();
    const all = ['orders:read', 'find', 'write', 'guarded', 'customers', 'states', 'ids'];
    for (let bits = 0; bits < 2 ** all.length; bits += 1) {
      const scopes = new Set(all.filter((_scope, at) => bits & (1 << at)));
      const principal: Principal = {
        kind: 'account',
        issuer: 'i',
        subject: 's',
        clientId: 'c',
        accountId: 'a',
        scopes,
        expiresAt: 1,
        claims: {},
      };
      for (const form of graph.forms) {
        assert.equal(
          passes(form, scopes),
          { allow: 'yes', depends: 'depends', deny: 'no', unknown: 'depends' }[decideForm(form, principal, 0)],
        );
        assert.equal(passes(form, null), decideForm(form, anonymous, 0) === 'allow' ? 'yes' : 'no');
      }
    }
  });

  it('is reported as text and JSON', () => {
    const text = coverageText(cover(new Set(['orders:read'])), plain);
    assert.match(text, /^coordinate +read by +reached +requires +from\n/);
    assert.match(text, /\nOrder\.id +guarded +no +the scope `ids` +interface Node\.id\n/);
    assert.match(text, /\nMutation\.pay\(amount:\) +the scope `pay`\n/);
    assert.match(text, /\nOrder: total lost\n {2}Query\.orders {2}requires the scope `orders:read`\n/);
    assert.match(text, /\nQuery: late\n {2}a root type\n/);
    assert.match(text, /\nIsland: alone\n {2}no operation reaches it\n/);
    assert.match(text, /\nClaimgate would not start with this schema: Query\.late[^\n]*\n/);
    assert.match(
      text,
      /\n17 fields of 11 types: 11 guarded, 1 public on purpose, 5 bare\. A caller with the scopes orders:read reaches 5 fields/,
    );
    const json = JSON.parse(coverageJson(cover()));
    assert.deepEqual(json.types[0].fields[1], {
      coordinate: 'Query.orders',
      returns: 'Order',
      state: 'guarded',
      rules: [{ rule: 0, from: 'own' }],
      argumentRules: [],
      reached: null,
    });
    assert.equal(json.rules[0].place, 'shop.graphql:4');
  });

  it('I17-3 has what the operations of clients need, and whether a caller runs them', async () => {
    const text = JSON.stringify(
      {
        a: 'query Orders($all: Boolean!) { orders { total customer @include(if: $all) { name } } }',
        b: 'query Open { open } query Mine { mine { note } }',
        c: 'query Found { find { ... on Order { id } ... on Hidden { value } } }',
      },
      null,
      1,
    );
    const operations = operationsOf([{ name: 'm.json', text }], 'm.json', true).map(createFindNeeds(source));
    const runs = (caller: CallerScopes) => coverageOf(source, caller, operations).operations?.map((one) => one.runs);
    assert.deepEqual(runs(null), ['no', 'yes', 'no', 'no']);
    assert.deepEqual(runs(new Set(['orders:read'])), ['no', 'yes', 'no', 'no']);
    assert.deepEqual(runs(new Set(['orders:read', 'customers'])), ['yes', 'yes', 'no', 'no']);
    assert.deepEqual(runs(new Set(['guarded', 'find'])), ['no', 'yes', 'depends', 'no']);
    assert.deepEqual(runs(new Set(['find', 'ids'])), ['no', 'yes', 'no', 'yes']);
    const types = sourceOfSdl('n', [
      {
        name: 'n',
        text: `type Query { n: N @auth } interface N { v: Int }
          type A implements N { v: Int @auth(scope: "a") } type B implements N { v: Int }`,
      },
    ]);
    const some = operationsOf([{ name: 'a.graphql', text: '{ n { v } }' }], '').map(createFindNeeds(types));
    const runsSome = (...scopes: readonly string[]) =>
      coverageOf(types, new Set(scopes), some).operations?.map((one) => one.runs);
    assert.deepEqual([runsSome(), runsSome('a')], [['depends'], ['yes']]);
    const found = coverageOf(source, new Set(['orders:read', 'customers']), operations);
    const report = coverageText(found, plain);
    assert.match(report, /\noperation +runs +needs +place\nOrders +yes +orders:read customers; orders:read without /);
    assert.match(
      report,
      /\nOpen +yes +nothing +m\.json:3\nMine +no +guarded, and depends on more than scopes +m\.json:3\n/,
    );
    const [orders] = JSON.parse(coverageJson(found)).operations;
    assert.deepEqual([orders.leastScopes, orders.runs, orders.id], [[['orders:read', 'customers']], 'yes', 'a']);
    assert.equal(JSON.parse(coverageJson(cover())).operations, null);
    const page = coveragePage(found);
    assert.match(page, /<section id="operations">.*<code>Orders<\/code>/);
    assert.doesNotMatch(coveragePage(cover()), /<section id="operations">/);
  });

  it('I17-3 fits into 80 columns of a terminal, and has the same text without one', () => {
    const findNeeds = createFindNeeds(source);
    const operations = operationsOf([{ name: 'a.graphql', text: 'query A { orders { id } }' }], '').map(findNeeds);
    const found = coverageOf(source, new Set(['orders:read']), operations);
    const narrow = coverageText(found, plain, 80);
    for (const line of narrow.split('\n')) assert.ok(line.length <= 80, line);
    for (const { name, fields } of found.types) {
      if (name === 'Found') continue;
      for (const field of fields) assert.match(narrow, new RegExp(`^  ${field.name}  `, 'm'), field.coordinate);
    }
    assert.match(
      narrow,
      /\nOrder\n {2}id +guarded +no +the scope `ids` \(interface Node\.id\)\n {2}total +bare +yes\n/,
    );
    assert.equal(coverageText(found, plain, 1_000), coverageText(found, plain, null));
    const long = sourceOfSdl('long', [
      { name: 'a', text: `type Query { ${'a'.repeat(60)}: Int @auth(scope: "${'s'.repeat(90)}") b: Int @auth }` },
    ]);
    assert.match(coverageText(coverageOf(long), plain, 40), /^Query\n {2}a{60}\n +guarded +the scope\n +`s{90}`/);
  });

  it('I17-3 lists the open fields that are not accepted, for the callers who read them', () => {
    const all = judgeOpenFields(cover(), new Map());
    assert.deepEqual(all.toAllow, {
      'Query.open': 'every caller',
      'Query.late': 'every caller',
      'Order.total': 'find | orders:read',
      'Order.lost': 'find | orders:read',
      'Hidden.value': 'find',
      'Island.alone': 'no caller',
    });
    assert.deepEqual(
      Object.fromEntries(all.refused.map(({ coordinate, readBy }) => [coordinate, readBy])),
      all.toAllow,
    );
    assert.deepEqual(judgeOpenFields(cover(), new Map(Object.entries(all.toAllow))).refused, []);
    // An accepted field that more callers read is a finding again.
    const wider = { ...all.toAllow, 'Order.total': 'orders:read', 'Query.orders': 'orders:read' };
    const { refused, stale } = judgeOpenFields(cover(), new Map(Object.entries(wider)));
    assert.deepEqual(refused, [{ coordinate: 'Order.total', state: 'bare', readBy: 'find | orders:read' }]);
    assert.deepEqual(stale, [
      'Order.total: accepted for "orders:read"; found "find | orders:read", which is not accepted',
      'Query.orders: it is not public and not bare; remove the entry',
    ]);
  });

  it('is a page without any address, whose texts cannot become HTML', () => {
    const hostile = sourceOfSdl('</script><script>alert(1)</script>', [
      { name: 'a.graphql', text: 'type Query { a: Int @auth(scope: "</script><b>", policy: "<img src=x>") }' },
    ]);
    const page = coveragePage(coverageOf(hostile));
    assert.equal(page.match(/<script/g)?.length, 2);
    assert.doesNotMatch(page, /<b>|<img|https?:|url\(|@import| on\w+=/);
    assert.match(page, /Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/);
    assert.equal(page, coveragePage(coverageOf(hostile)));
  });

  it('places no two types at one place', () => {
    const { graph } = cover();
    const places = layOut(graph).map(({ x, y }) => `${x} ${y}`);
    assert.equal(new Set(places).size, graph.types.length);
  });

  it('of the schema of GitHub is fast, and right on hand-checked elements', () => {
    const text = githubSdl();
    const started = process.cpuUsage();
    const github = coverageOf(sourceOfSdl('github.graphql', [{ name: 'github.graphql', text }]), new Set(['repo']));
    const sizes = [coverageText(github, plain).length, coverageJson(github).length, coveragePage(github).length];
    const { user } = process.cpuUsage(started);
    // About 1 s on the machine of the guide. The bound leaves room for a slow one.
    assert.ok(user < 4_000_000, `${user} µs`);
    assert.ok(
      sizes.every((size) => size > 1_000_000 && size < 5_000_000),
      sizes.join(),
    );
    const fields = new Map(github.types.flatMap((type) => type.fields.map((one) => [one.coordinate, one])));
    for (const [coordinate, expected] of Object.entries(checked)) {
      const found = fields.get(coordinate);
      assert.ok(found, coordinate);
      const from = found.rules.map(({ rule, from }) => `${from} ${rule.coordinate}`).toSorted();
      assert.equal([found.state, found.reached, ...from].join(' | '), expected, coordinate);
    }
    assert.equal(Object.keys(checked).length, 33);
    assert.deepEqual(
      fields.get('Repository.vulnerabilityAlerts')?.argumentRules.map(({ coordinate }) => coordinate),
      ['Repository.vulnerabilityAlerts(first:)'],
    );
  });
});

/** Read by hand in the annotated SDL: the state, whether a caller with the scope `repo` reads it, and its rules. */
const checked: Readonly<Record<string, string>> = {
  'Query.node': 'guarded | yes | own Query.node',
  'Query.resource': 'guarded | no | own Query.resource',
  'Query.search': 'guarded | yes | own Query.search',
  'Mutation.addStar': 'guarded | yes | own Mutation.addStar',
  'Mutation.createIssue': 'guarded | yes | own Mutation.createIssue',
  'AddStarPayload.starrable': 'bare | yes',
  'User.login': 'bare | yes',
  'User.email': 'guarded | no | own User.email',
  'User.repository': 'guarded | yes | returned type Repository',
  'User.status': 'bare | yes',
  'UserStatus.emoji': 'bare | yes',
  'UserStatus.organization': 'guarded | no | returned type Organization',
  'Organization.login': 'guarded | no | type Organization',
  'Organization.domains': 'guarded | no | type Organization',
  'Repository.name': 'guarded | yes | interface RepositoryInfo.name | type Repository',
  'Repository.owner': 'guarded | yes | type Repository',
  'Repository.issues': 'guarded | yes | own Repository.issues | type Repository',
  'Repository.vulnerabilityAlerts': 'guarded | no | own Repository.vulnerabilityAlerts | type Repository',
  'Repository.viewerHasStarred': 'guarded | no | own Repository.viewerHasStarred | type Repository',
  'Repository.packages': 'guarded | no | own Repository.packages | type Repository',
  'Issue.title': 'bare | yes',
  'Issue.labels': 'guarded | no | own Issue.labels | returned type LabelConnection',
  'Issue.repository': 'guarded | yes | returned type Repository',
  'Release.name': 'guarded | yes | own Release.name | type Release',
  'Release.author': 'guarded | yes | type Release',
  'Ref.target': 'guarded | yes | type Ref',
  'Commit.status': 'guarded | no | own Commit.status | returned type Status',
  'Commit.tree': 'bare | yes',
  'License.body': 'guarded | no | own License.body',
  'Gist.files': 'guarded | no | own Gist.files',
  'Gist.url': 'guarded | yes | own Gist.url',
  'SearchResultItemConnection.nodes': 'guarded | no | own SearchResultItemConnection.nodes',
  'Language.name': 'bare | yes',
};
