import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { GraphQLInt, parse } from 'graphql';
import { codeOf, maxCompiledFields } from '../../../src/auth/execute/compile/code.ts';
import { createExecutor } from '../../../src/auth/execute/executor.ts';
import { createPreparer } from '../../../src/auth/execute/prepare/prepare.ts';
import type { QueryPlan } from '../../../src/auth/execute/prepare/query-plan.ts';
import { authCaches } from '../../../src/auth/caches.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { assertSame, byExecutor, byGraphql } from '../../support/both-executors.ts';
import { principalFor } from '../../support/callers.ts';
import { root } from '../../support/process.ts';

const { schema } = createGuardedSchema({
  modules: [
    {
      name: 'main',
      typeDefs: `
        type Query { items: [Item] @public  item: Item @public }
        type Item {
          text: String  id: ID!  int: Int  float: Float  flag: Boolean  needed: String!
          secret: String @auth(scope: "s")  late: String  self: Item  list: [Item!]  end: String
        }`,
      resolvers: { Item: { late: ({ late }: { late?: unknown }) => late ?? Promise.resolve('late') } },
    },
  ],
});

/** Runs once for each kind of field, in an order in which each stands behind text and behind another value. */
const query = `{ items {
  __typename text a: id int b: text float c: text flag d: text secret kind: __typename e: text
  self { text int } f: text list { id } late end
} }`;

const usual = { text: 'one', id: 'i', int: 1, float: 1.5, flag: true, secret: 's', needed: 'n', end: 'e' };
const oddValues: readonly unknown[] = [
  null,
  undefined,
  '',
  'a "quoted" text\n',
  'a text that is longer than the executor searches for characters that JSON escapes',
  'Grüße, 世界 🌍',
  '\ud800',
  -0,
  0,
  2 ** 31,
  1.5,
  NaN,
  Infinity,
  10n,
  true,
  false,
  Symbol('s'),
  {},
  [],
  new Date(0),
  new Error('an error'),
  () => 'from a method',
  () => {
    throw new Error('from a method');
  },
  () => Promise.resolve('a promise of a method'),
  Promise.resolve('a promise'),
  { toJSON: () => 'json', toString: () => 'text', valueOf: () => 7 },
];

/** Compares the executor with graphql-js for these items, when selections are compiled from the first object on. */
async function compare(items: () => readonly unknown[], text = query, scopes = ['s']): Promise<string | undefined> {
  const executeQuery = createExecutor(schema, { compileAfter: 0, compileIntervalMs: 0 });
  const request = {
    document: parse(text),
    rootValue: () => ({ items: items(), item: items()[0] }),
    contextValue: () => ({ principal: principalFor({ scopes }) }),
  };
  const wanted = await byGraphql(schema, request);
  const found = await byExecutor(executeQuery, request);
  assert.ok(found);
  assertSame(found, wanted);
  return found.data;
}

describe('a compiled selection', () => {
  it('writes usual objects', async () => {
    const data = await compare(() => [usual, { ...usual, self: usual, list: [usual, { id: 3 }] }, null]);
    assert.match(data ?? '', /"a":"i","int":1,"b":"one","float":1.5,"c":"one","flag":true/);
  });

  it('E-9 answers as graphql-js for each odd value of each field', async () => {
    for (const name of ['text', 'id', 'int', 'float', 'flag', 'secret', 'self', 'list', 'late', 'end']) {
      for (const value of oddValues) await compare(() => [usual, { ...usual, [name]: value }, usual]);
    }
  });

  it('answers as graphql-js for getters, classes, functions and objects without a prototype', async () => {
    class Row {
      #reads = 0;
      get text(): string {
        this.#reads += 1;
        return `read ${this.#reads} times`;
      }
      get int(): number {
        throw new Error('not readable');
      }
      id(): string {
        return 'from a method';
      }
    }
    const bare: unknown = Object.assign(Object.create(null), usual);
    const callable = Object.assign(() => {}, { ...usual, text: 'of a function' });
    await compare(() => [new Row(), bare, callable, 'a text', 7, new Proxy(usual, {})]);
    const thrower: object = {
      ...usual,
      get needed() {
        throw new Error('never');
      },
    }; // prettier-ignore
    await compare(() => [usual, thrower, usual], '{ items { text needed int } }');
  });

  it('E-1 writes nothing of a denied field, and decides again when a getter has changed the caller', async () => {
    assert.doesNotMatch((await compare(() => [usual, usual], query, [])) ?? '', /"secret":"s"/);
    const executeQuery = createExecutor(schema, { compileAfter: 0, compileIntervalMs: 0 });
    const context = { principal: principalFor({ scopes: ['s'] }) };
    const leaving = {
      ...usual,
      get text() {
        context.principal = principalFor({ scopes: [] });
        return 'left';
      },
    }; // prettier-ignore
    const result = await executeQuery({
      document: parse('{ items { secret text again: secret } }'),
      rootValue: { items: [leaving] },
      contextValue: context,
    });
    assert.equal('data' in result && result.data, '{"items":[{"secret":"s","text":"left","again":null}]}');
  });

  it('E-1 keeps no decision and no value for the next execution, or for the next object of a list', async () => {
    const executeQuery = createExecutor(schema, { compileAfter: 0, compileIntervalMs: 0 });
    const document = parse('{ items { text secret late } }');
    const run = async (scopes: readonly string[], items: readonly unknown[], context: object = {}) => {
      const contextValue = { principal: principalFor({ scopes }), ...context };
      const result = await executeQuery({ document, rootValue: { items }, contextValue });
      return 'data' in result && result.data;
    };
    const item = (name: string) => ({ text: name, secret: `secret of ${name}`, late: Promise.resolve(`late ${name}`) });
    const whole = (name: string) => `{"text":"${name}","secret":"secret of ${name}","late":"late ${name}"}`;
    const denied = (name: string) => `{"text":"${name}","secret":null,"late":"late ${name}"}`;
    for (let time = 0; time < 3; time += 1) {
      assert.equal(await run(['s'], [item('a'), item('b')]), `{"items":[${whole('a')},${whole('b')}]}`);
      assert.equal(await run([], [item('c'), item('d')]), `{"items":[${denied('c')},${denied('d')}]}`);
      assert.equal(await run([], [item('e')], { principal: undefined }), `{"items":[${denied('e')}]}`);
    }
    // Executions whose promises settle in turns.
    const both = await Promise.all([run(['s'], [item('f')]), run([], [item('g')]), run(['s'], [item('h')])]);
    assert.deepEqual(
      both,
      [whole('f'), denied('g'), whole('h')].map((text) => `{"items":[${text}]}`),
    ); // prettier-ignore
    const context = { principal: principalFor({ scopes: ['s'] }) };
    const leaving = {
      ...item('i'),
      get text() {
        context.principal = principalFor({ scopes: [] });
        return 'i';
      },
    }; // prettier-ignore
    const rootValue = { items: [item('first'), leaving, item('last')] };
    const result = await executeQuery({ document, rootValue, contextValue: context });
    const wanted = `{"items":[${whole('first')},${denied('i')},${denied('last')}]}`;
    assert.equal('data' in result && result.data, wanted);
  });

  it('reads a getter as often as graphql-js, and a value behind a revoked proxy as an error of its field', async () => {
    const counted = () => {
      const reads: string[] = [];
      const names = ['text', 'id', 'int', 'flag', 'secret', 'end'] as const;
      const item = Object.defineProperties(
        {},
        Object.fromEntries(
          names.map((name) => [
            name,
            {
              get: () => {
                reads.push(name);
                return name === 'end' ? () => 'of a method' : usual[name as keyof typeof usual];
              },
            },
          ]),
        ),
      );
      return { item, reads };
    };
    const text = '{ items { text id int flag secret end } }';
    for (const scopes of [['s'], []]) {
      const made: ReturnType<typeof counted>[] = [];
      const items = () => {
        made.push(counted());
        return [made.at(-1)?.item];
      };
      await compare(items, text, scopes);
      const [wanted, found, ...others] = made.map(({ reads }) => reads).filter((reads) => reads.length > 0);
      assert.ok(wanted);
      assert.deepEqual([found, others.length], [wanted, 0]);
      assert.equal(wanted.includes('secret'), scopes.length > 0);
    }
    const revoked = (): object => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return proxy;
    };
    await compare(() => [usual, revoked(), { ...usual, text: revoked(), self: revoked() }, usual]);
  });

  it('uses a resolver or a serialize that was replaced after it was compiled', async () => {
    const executeQuery = createExecutor(schema, { compileAfter: 0, compileIntervalMs: 0 });
    const request = {
      document: parse('{ items { int text } }'),
      rootValue: { items: [usual] },
      contextValue: { principal: principalFor({ scopes: [] }) },
    };
    const data = async (): Promise<unknown> => {
      const result = await executeQuery(request);
      return 'data' in result && result.data;
    };
    assert.equal(await data(), '{"items":[{"int":1,"text":"one"}]}');
    const type = schema.getType('Item') as unknown as { getFields(): Record<string, { resolve?: unknown }> };
    const { text } = type.getFields();
    const { resolve } = text ?? {};
    const { serialize } = GraphQLInt;
    try {
      (text ?? {}).resolve = () => 'replaced';
      GraphQLInt.serialize = () => 9;
      assert.equal(await data(), '{"items":[{"int":9,"text":"replaced"}]}');
    } finally {
      (text ?? {}).resolve = resolve;
      GraphQLInt.serialize = serialize;
    }
    assert.equal(await data(), '{"items":[{"int":1,"text":"one"}]}');
  });

  it('has no text of the schema or of the caller in its code', () => {
    const document = parse('{ item { evilAlias: text id int float flag secret late self { text } __typename } }');
    const [operation] = document.definitions;
    assert.equal(operation?.kind, 'OperationDefinition');
    const prepared = createPreparer(schema, authCaches.preparedQueries, () => ({})).planOf(operation, {});
    const type = schema.getType('Item') as never;
    const code = codeOf((prepared as QueryPlan).rootFor({}).fields[0]?.selectionOn(type).fields ?? []);
    const words = new Set(code.match(/[A-Za-z_$]\w*/g));
    for (const word of ['evilAlias', 'secret', 'late', 'self', 'flag', 'Item', '__typename', 'id', 'int', 'float']) {
      assert.equal(words.has(word), false, word);
    }
  });

  it('has code that is short enough for V8 to drop it', () => {
    for (const form of ['text', 'integer', 'number', 'boolean']) {
      const field = { constant: null, property: { form }, direct: { rules: [1] } } as never;
      const { length } = codeOf(Array.from({ length: maxCompiledFields + 1 }, () => field));
      assert.ok(length < 16_300, `${length} characters`);
    }
  });

  it('executes the fields behind the last one that has code', async () => {
    const many = Array.from({ length: 3 * maxCompiledFields }, (_, at) => `a${at}: ${['text', 'int', 'late'][at % 3]}`);
    for (const length of [-1, 0, 1, 2, 20]) {
      const text = `{ items { ${many
        .filter((field) => !field.endsWith('late'))
        .slice(0, maxCompiledFields + length)
        .join(' ')} } }`;
      await compare(() => [usual, usual], text);
    }
    await compare(() => [usual, usual], `{ items { ${many.join(' ')} } }`);
  });

  it('is not made where code from strings is forbidden', () => {
    const program = `
      import { parse } from 'graphql';
      import { createExecutor } from './src/auth/execute/executor.ts';
      import { createGuardedSchema } from './src/auth/schema.ts';
      const { schema } = createGuardedSchema({ modules: [{ name: 'm', typeDefs: 'type Query { items: [Item] @public } type Item { a: Int }' }] });
      const run = createExecutor(schema, { compileAfter: 0, compileIntervalMs: 0 });
      const rootValue = { items: [{ a: 1 }, { a: 2 }] };
      console.log((await run({ document: parse('{ items { a } }'), rootValue, contextValue: {} })).data);`;
    const flags = ['--disallow-code-generation-from-strings', '--conditions=claimgate-source', '--input-type=module'];
    const answer = execFileSync(process.execPath, [...flags, '--eval', program], { cwd: root, encoding: 'utf8' });
    assert.equal(answer, '{"items":[{"a":1},{"a":2}]}\n');
  });
});
