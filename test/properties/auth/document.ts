import type { Caller } from '../../support/callers.ts';
import type { Choices } from './choices.ts';
import type { Shape } from './shape.ts';

/** What is asked of a schema, and by whom. */
export interface Question {
  readonly document: string;
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
}

/** The Unix time of every question, in seconds. */
export const now = 1_800_000_000;

/** A valid operation with fragments, aliases, conditions, arguments and variables. */
export function makeQuestion(choose: Choices, shape: Shape, kind: 'query' | 'mutation'): Question {
  const named = (name: string) => shape.fieldTypes[name]?.replaceAll(/[[\]!]/g, '') ?? '';
  const isComposite = (type: string) => type in shape.possible;
  const fragments: string[] = [];
  const meets = (a: string, b: string) => shape.possible[a]?.some((type) => shape.possible[b]?.includes(type));

  const condition = () =>
    choose.rarely(5)
      ? choose.one(['@include(if: $b)', '@skip(if: $b)', '@skip(if: $c)', '@include(if: $c)', '@include(if: true)'])
      : '';

  function supplied(): string {
    const values = {
      a: ['"alice"', '$a', '"bob"', 'null'],
      f: [
        '{}',
        '{ i: 1 }',
        '{ g: { h: [{ i: 1 }, { e: Q }] } }',
        '$f',
        '{ i: $i }',
        'null',
        '{ h: { e: Q } }',
        '{ g: $f }',
        '{ g: null }',
      ],
      e: ['P', 'Q', '$e', 'null'],
      z: ['1', '{ any: [1] }', '$z', 'null'],
      fs: ['[]', '[{ i: 1 }]', '{ g: {} }', '[{ e: $e }]', 'null'],
    } as const;
    const args = Object.entries(values).flatMap(([name, [first, ...others]]) =>
      choose.rarely(4) ? [`${name}: ${choose.one<string>([first, ...others])}`] : [],
    );
    return args.length > 0 ? `(${args.join(', ')})` : '';
  }

  function selections(type: string, depth: number): string {
    const count = 1 + choose.below(3);
    return `{ ${Array.from({ length: count }, () => selection(type, depth)).join(' ')} }`;
  }

  function selection(type: string, depth: number): string {
    const fields = ['__typename', ...(shape.fieldsOf[type] ?? [])];
    if (depth > 0 && choose.rarely(4)) return fragment(type, depth);
    const name = fields[choose.below(fields.length)] ?? '__typename';
    const composite = isComposite(named(name));
    if (composite && depth <= 0) return '__typename';
    // Each use of a field with arguments has a response key of its own, so that selections can always be merged.
    const args = name === 'q' ? supplied() : '';
    aliases += 1;
    const alias = args !== '' ? `q${aliases}: ` : choose.rarely(6) && name !== '__typename' ? `${name}Also: ` : '';
    return `${alias}${name}${args} ${condition()} ${composite ? selections(named(name), depth - 1) : ''}`;
  }

  function fragment(type: string, depth: number): string {
    const candidates = Object.keys(shape.possible).filter((other) => meets(type, other));
    const on = candidates[choose.below(candidates.length)] ?? type;
    const inside = selections(on, depth - 1);
    if (!choose.rarely(3))
      return `${choose.rarely(4) && on === type ? '...' : `... on ${on}`} ${condition()} ${inside}`;
    const name = `F${fragments.length}`;
    fragments.push(`fragment ${name} on ${on} ${inside}`);
    return `...${name} ${condition()}`;
  }

  let aliases = 0;
  const body = selections(kind === 'query' ? 'Query' : 'Mutation', 4);
  const text = `${body} ${fragments.join(' ')}`;
  const definitions = {
    b: ['Boolean = true', 'Boolean = false', 'Boolean! = true', 'Boolean! = false'],
    c: ['Boolean! = false', 'Boolean = true'],
    a: ['String', 'String = "alice"', 'String = null'],
    f: ['F', 'F = {}', 'F = { i: 1 }', 'F = { h: { e: Q } }', 'F = null'],
    i: ['Int', 'Int = 1', 'Int = null'],
    e: ['E', 'E = Q', 'E = P'],
    z: ['Z', 'Z = 1'],
  } as const;
  const values: Readonly<Record<string, readonly [unknown, ...unknown[]]>> = {
    b: [true, false],
    c: [true, false],
    a: ['alice', 'bob', null],
    f: [{}, { i: 1 }, { i: null }, { g: { h: { i: 2 } } }, { h: [{ e: 'Q' }] }, { g: null }, null],
    i: [1, null],
    e: ['P', 'Q', null],
    z: [1, { any: 'thing' }, null],
  };
  const used = Object.entries(definitions).filter(([name]) => new RegExp(`\\$${name}\\b`).test(text));
  const declared = used.map(([name, [first, ...others]]) => `$${name}: ${choose.one<string>([first, ...others])}`);
  const sent = used.flatMap(([name]) =>
    choose.rarely(2) ? [[name, choose.one(values[name] ?? [null])] as const] : [],
  );
  const others = choose.rarely(4) ? `query Other { n }` : '';
  return {
    document: `${others} ${kind} This ${declared.length > 0 ? `(${declared.join(', ')})` : ''} ${text}`,
    operationName: 'This',
    variables: Object.fromEntries(sent),
    caller: makeCaller(choose),
  };
}

function makeCaller(choose: Choices): Caller {
  if (choose.rarely(10)) return null;
  return {
    scopes: ['s', 't', 'u', 's:all', 's:al', 'S'].filter(() => choose.rarely(2)),
    claims: {
      ...choose.one<object>([{ role: 'x' }, {}, { role: 7 }, { role: ['x'] }, { role: 'X' }, { role: null }]),
      ...choose.one<object>([
        { deep: { group: ['g'] } },
        {},
        { deep: { group: 'g' } },
        { deep: { group: ['gg'] } },
        { deep: null },
      ]),
      ...choose.one<object>([{ auth_time: now - 10 }, {}, { auth_time: now - 61 }, { auth_time: `${now}` }]),
      ...choose.one<object>([{ acr: 'gold' }, {}, { acr: 'bronze' }, { acr: ['gold'] }]),
    },
    ...(choose.rarely(6) ? { accountId: null } : {}),
    ...(choose.rarely(8) ? { kind: 'application' as const } : {}),
  };
}
