import { type Authors, makeAuthors } from './authors.ts';
import type { Choices } from './choices.ts';
import { ruleAt } from './rule-text.ts';

/** A generated schema, on which the engine is compared with the model. */
export interface Shape {
  /** SDL by module. */
  readonly modules: Readonly<Record<string, string>>;
  /** The type of a field. A field can narrow the type that its interface gives it. */
  readonly typeOf: (type: string, field: string) => string;
  /** Whether the type of the field of this name differs from type to type. */
  readonly varies: (field: string) => boolean;
  readonly fieldsOf: Readonly<Record<string, readonly string[]>>;
  /** The object types that a value of each composite type can be of. */
  readonly possible: Readonly<Record<string, readonly string[]>>;
  /** The number that values are derived from. */
  readonly seed: number;
  /** Whether resolvers fail and return promises, in any mix. */
  readonly odd: boolean;
  readonly authors: Authors;
}

const composites = ['A', 'B', 'C', 'I', 'J', 'U'] as const;
const wraps = ['T', 'T', '[T]', 'T!', '[T!]', '[T]!', '[T!]!', '[[T]]', '[[T!]!]'] as const;

/** The arguments of the one field that has arguments. */
const argumentsOf = { a: 'String', f: 'F', e: 'E', z: 'Z', fs: '[F!]' } as const;
const objects = ['A', 'B', 'C'] as const;

/** Makes a schema of three object types, two interfaces, a union, inputs, and rules anywhere. */
export function makeShape(choose: Choices): Shape {
  const below = choose.rarely(2);
  const inherits: Readonly<Record<string, readonly string[]>> = {
    I: [],
    J: below ? ['I'] : [],
    A: choose.rarely(2) ? ['I', 'J'] : ['I'],
    B: choose.rarely(2) ? ['I', 'J'] : below ? ['I'] : ['J', 'I'],
    C: [],
  };
  const members = choose.one<readonly string[]>([['A', 'C'], ['A', 'B'], ['A', 'B', 'C'], ['C']]);
  const implementers = (name: string) => objects.filter((object) => inherits[object]?.includes(name));
  const possible = {
    A: ['A'],
    B: ['B'],
    C: ['C'],
    I: implementers('I'),
    J: implementers('J'),
    U: members,
    Query: ['Query'],
    Mutation: ['Mutation'],
  };

  const link = () => choose.one(wraps).replace('T', choose.one(composites));
  const narrower: Readonly<Record<string, readonly string[]>> = {
    I: [...implementers('I'), ...(below ? ['J'] : [])],
    J: implementers('J'),
    U: members,
  };
  /** Returns the type, or a type that a field of an implementer may have instead. */
  const narrowed = (type: string): string => {
    const narrow = (name: string) => choose.one<string>([name, ...(narrower[name] ?? [])]);
    const inner = choose.rarely(2) ? type.replace(/[A-Z]/, narrow) : type;
    return choose.rarely(5) && !inner.endsWith('!') ? `${inner}!` : inner;
  };
  const narrows = choose.rarely(2);
  // A union that implementers can narrow to one of its members.
  const narrowedLink = () => (narrows && choose.rarely(2) ? choose.one(['U', '[U]']) : link());
  const fieldTypes: Record<string, string> = {
    n: choose.one(['Int', 'Int!']),
    s: 'String',
    o: 'ID',
    z: choose.one(['Z', '[Z]']),
    e: 'E',
    q: choose.one(['String', 'String', 'String!']),
    l: narrowedLink(),
    k: narrowedLink(),
    x: link(),
    y: link(),
    u: choose.one(['U', '[U]']),
    i: choose.one(['I', 'J', '[I!]']),
    go: 'A',
  };
  const own = new Map<string, string>();
  const typeOf = (type: string, field: string): string => own.get(`${type}.${field}`) ?? fieldTypes[field] ?? '';
  const varies = (field: string): boolean => [...own.keys()].some((coordinate) => coordinate.endsWith(`.${field}`));
  const ofJ = ['s', 'k', 'o'];
  const ofI = ['n', 'o', 'l', 'q'];
  const ofObject = ['n', 's', 'o', 'z', 'e', 'q', 'l', 'k'];
  const fieldsOf: Record<string, readonly string[]> = {
    I: ofI,
    J: below ? [...new Set([...ofI, ...ofJ])] : ofJ,
    U: [],
    A: ofObject,
    B: ofObject,
    C: ofObject,
    Query: ['n', 'q', 'z', 'l', 'k', 'x', 'y'],
    Mutation: ['go', 'q', 'x', 'u', 'i'],
  };
  if (narrows) {
    for (const type of ['J', ...objects]) {
      for (const field of ['l', 'k']) {
        if (!fieldsOf[type]?.includes(field)) continue;
        // The interface that gives the field the narrowest type comes first.
        const above = ['J', 'I'].find((one) => inherits[type]?.includes(one) && fieldsOf[one]?.includes(field));
        own.set(`${type}.${field}`, above === undefined ? link() : narrowed(typeOf(above, field)));
      }
    }
  }
  const manyRules = choose.rarely(3);

  const extensions: string[] = [];
  const rule = (kind: Parameters<typeof ruleAt>[1]) => ruleAt(choose, kind);
  /** A type's rules. Another module may add some of them. */
  const ofType = (keyword: string, name: string, kind: Parameters<typeof ruleAt>[1]) => {
    if (choose.rarely(5)) extensions.push(`extend ${keyword} ${name} ${rule(kind) || '@auth(scope: "s")'}`);
    // These rules make mutations that every possible type denies.
    return rule(kind) || (manyRules && choose.rarely(2) ? `@auth(scope: "${choose.one(['t', 'u', 's:all'])}")` : '');
  };
  const field = (type: string, name: string): string => {
    const root = type === 'Query' || type === 'Mutation';
    const args = Object.entries(argumentsOf).map(
      ([arg, of]) => `${arg}: ${of} ${rule(root ? 'rootArgument' : 'argument')}`,
    );
    const kind = name === 'q' ? (root ? 'rootTaking' : 'taking') : root ? 'root' : 'field';
    // This makes a root field of a mutation that only its policy denies.
    const own = rule(kind) || (type === 'Mutation' && choose.rarely(8) ? '@auth(policy: ["no"])' : '');
    // If only the value of a payload decides its rule, the field must have such a rule too.
    const always = type === 'Mutation' && name !== 'q' ? '@auth(policy: ["yes"])' : '';
    const rules = `${own} ${always}`.trim();
    const shown = root && !enforces(rules) ? '@public' : rules;
    return `${name}${name === 'q' ? `(${args.join(', ')})` : ''}: ${typeOf(type, name)} ${shown}`;
  };
  const fields = (type: string) => `{ ${(fieldsOf[type] ?? []).map((name) => field(type, name)).join('\n  ')} }`;
  const implementing = (type: string) => (inherits[type]?.length ? `implements ${inherits[type].join(' & ')}` : '');

  const main = [
    ...(['I', 'J'] as const).map(
      (type) => `interface ${type} ${implementing(type)} ${ofType('interface', type, 'object')} ${fields(type)}`,
    ),
    ...objects.map((type) => `type ${type} ${implementing(type)} ${ofType('type', type, 'object')} ${fields(type)}`),
    `union U ${ofType('union', 'U', 'plain')} ${narrows && choose.rarely(2) ? '@auth(scope: "t")' : ''} = ${members.join(' | ')}`,
    `scalar Z ${rule('plain')}`,
    `enum E ${rule('plain')} { P Q ${rule('plain') || (choose.rarely(3) ? '@auth(scope: "u")' : '')} }`,
    `input F ${ofType('input', 'F', 'plain')} { i: Int ${rule('plain')} ${choose.rarely(3) ? '@auth(scope: "u")' : ''} g: F ${rule('plain')} h: [F!] ${rule('plain')} e: E }`,
    `type Query ${choose.rarely(12) ? '@auth(scope: "s")' : ''} ${fields('Query')}`,
    `type Mutation ${fields('Mutation')}`,
  ].join('\n');
  return {
    modules: { main, ...(extensions.length > 0 && { more: extensions.join('\n') }) },
    typeOf,
    varies,
    fieldsOf,
    possible,
    seed: choose.below(256),
    odd: choose.rarely(2),
    authors: makeAuthors(choose),
  };
}

/** Whether one of these rules is enforced. */
function enforces(rules: string): boolean {
  return rules.split('@auth').some((rule) => rule.trim() !== '' && !rule.includes('SHADOW'));
}
