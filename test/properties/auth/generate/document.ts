import type { Caller } from '../../../support/callers.ts';
import type { Choices } from './choices.ts';
import { nested } from './deep.ts';
import type { Shape } from './shape.ts';

/** An operation for a schema, and its caller. */
export interface Question {
  readonly document: string;
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** How many nested objects replace the value of the variable `f`. */
  readonly deep?: number;
  readonly caller: Caller;
}

/** The variables as they are sent. */
export function variablesOf({ variables, deep }: Question): Readonly<Record<string, unknown>> {
  return deep === undefined ? variables : { ...variables, f: nested(deep) };
}

/** The limit on nested objects in an input. The schema's maker may set another limit. */
export const inputDepth = 60;

/** The Unix time of every question, in seconds. */
export const now = 1_800_000_000;

/**
 * A valid operation with fragments, aliases, conditions, arguments and variables.
 *
 * @param isWide - whether some of its selections have more fields than a compiled selection has code for
 */
export function makeQuestion(choose: Choices, shape: Shape, kind: 'query' | 'mutation', isWide: boolean): Question {
  const named = (type: string, name: string) => shape.typeOf(type, name).replaceAll(/[[\]!]/g, '');
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
      fs: ['[]', '[{ i: 1 }]', '{ g: {} }', '[{ e: $e }]', 'null', '[$f]'],
    } as const;
    const args = Object.entries(values).flatMap(([name, [first, ...others]]) =>
      choose.rarely(name === 'f' ? 2 : 4) ? [`${name}: ${choose.one<string>([first, ...others])}`] : [],
    );
    return args.length > 0 ? `(${args.join(', ')})` : '';
  }

  function selections(type: string, depth: number): string {
    // For some values of the variables, no field is included.
    if (depth < 4 && choose.rarely(10))
      return `{ __typename ${choose.one(['@include(if: $c)', '@skip(if: $b)', '@include(if: false)'])} }`;
    if (isWide && depth < 4 && choose.rarely(3)) return wide(type);
    const count = 1 + choose.below(3);
    return `{ ${Array.from({ length: count }, () => selection(type, depth)).join(' ')} }`;
  }

  /** Each of the fields has its own response key. */
  function wide(type: string): string {
    const leaves = (shape.fieldsOf[type] ?? []).filter((name) => !isComposite(named(type, name)));
    const fields = ['__typename', ...leaves];
    const first = choose.below(fields.length);
    const selected = Array.from({ length: 12 + choose.below(6) }, (_, at) => {
      aliases += 1;
      return `w${aliases}: ${fields[(first + at) % fields.length]}`;
    });
    return `{ ${selected.join(' ')} }`;
  }

  function selection(type: string, depth: number): string {
    const fields = ['__typename', ...(shape.fieldsOf[type] ?? [])];
    if (depth > 0 && choose.rarely(4)) return fragment(type, depth);
    const name = fields[choose.below(fields.length)] ?? '__typename';
    const composite = isComposite(named(type, name));
    if (composite && depth <= 0) return '__typename';
    // Each use of a field with arguments has its own response key, so that selections can always be merged.
    const args = name === 'q' ? supplied() : '';
    aliases += 1;
    const also = choose.rarely(6) && name !== '__typename' ? 'Also' : '';
    // Selections of different types cannot be merged if the types of the field differ.
    const of = shape.varies(name) ? `Of${type}` : '';
    const alias = args !== '' ? `q${aliases}: ` : also || of ? `${name}${of}${also}: ` : '';
    return `${alias}${name}${args} ${condition()} ${composite ? selections(named(type, name), depth - 1) : ''}`;
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
  const deep = choose.rarely(8) ? depth(choose) : undefined;
  // The variable is used twice, so that the engine can reuse its finding for the first use.
  const twice = deep === undefined ? '' : 'd1: q(f: $f) d2: q(f: $f)';
  const body = selections(kind === 'query' ? 'Query' : 'Mutation', 4);
  const text = `${body.replace(/\}$/, `${twice} }`)} ${fragments.join(' ')}`;
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
    f: [{}, { i: 1 }, { i: null }, { g: { h: { i: 2 } } }, { h: [{ e: 'Q' }] }, { g: null }, null, { g: 'no object' }],
    i: [1, null, 'no number'],
    e: ['P', 'Q', null],
    z: [1, { any: 'thing' }, null],
  };
  const used = Object.entries(definitions).filter(([name]) => new RegExp(`\\$${name}\\b`).test(text));
  // At a non-null position, GraphQL requires a default.
  const strict = text.includes('[$f]');
  const declared = used.map(([name, [first, ...others]]) =>
    name === 'f' && strict ? '$f: F = {}' : `$${name}: ${choose.one<string>([first, ...others])}`,
  );
  const sent = used.flatMap(([name]) =>
    choose.rarely(2) ? [[name, choose.one(values[name] ?? [null])] as const] : [],
  );
  const others = choose.rarely(4) ? `query Other { n }` : '';
  return {
    document: `${others} ${kind} This ${declared.length > 0 ? `(${declared.join(', ')})` : ''} ${text}`,
    operationName: 'This',
    variables: Object.fromEntries(sent),
    ...(deep !== undefined && { deep }),
    caller: makeCaller(choose),
  };
}

/** Chooses a depth around the limit, or a depth of thousands that a stack may or may not hold. */
function depth(choose: Choices): number {
  const about = choose.one([
    inputDepth,
    inputDepth - 1,
    inputDepth + 1,
    inputDepth + 2,
    3,
    100,
    700,
    1_000,
    1_300,
    1_600,
    2_000,
    3_000,
    6_000,
  ]);
  return about > 100 ? about + choose.below(256) * Math.floor(about / 256) : about;
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
