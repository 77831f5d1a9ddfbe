/** A schema that must not start. */
export interface StartCase {
  readonly id: string;
  readonly name: string;
  /** SDL of each module. */
  readonly modules: Readonly<Record<string, string>>;
  /** For each fault, the texts that it must contain: the coordinate and the modules. */
  readonly faults: readonly (readonly string[])[];
}

const open = 'type Query { x: Int @public }';

function single(
  id: string,
  table: Readonly<Record<string, readonly [sdl: string, ...coordinates: string[]]>>,
): readonly StartCase[] {
  return Object.entries(table).map(([name, [sdl, ...coordinates]]) => ({
    id,
    name,
    modules: { base: open, team: sdl },
    faults: coordinates.map((coordinate) => [coordinate, '"team"']),
  }));
}

function rule(id: string, args: readonly string[]): readonly StartCase[] {
  return single(
    id,
    Object.fromEntries(args.map((args) => [args, [`extend type Query { f(a: ID): Int @auth(${args}) }`, 'Query.f']])),
  );
}

/** B-6, B-9, B-13, B-20, B-22, B-24: faults of a schema are reported at the start. */
export const startCases: readonly StartCase[] = [
  ...single('B-6', {
    'the directive is defined by a module': ['directive @auth(scope: String) on FIELD_DEFINITION', '@auth'],
    'the directive is imported under another name': [
      'extend schema @link(url: "https://x", import: [{ name: "@auth", as: "@guard" }]) directive @link(url: String, import: [Any]) repeatable on SCHEMA scalar Any',
      'schema',
    ],
    'a directive that no module defines': ['extend type Query { f: Int @public @authorize(scope: "a") }', 'Query.f'],
    'an argument that the directive has not': ['extend type Query { f: Int @auth(scopes: "a") }', 'Query.f'],
  }),
  ...single('B-9', {
    'a guarded argument with a default': [
      'extend type Query { f(a: Int = 1 @auth(scope: "a")): Int @public }',
      'Query.f(a:)',
    ],
    'a guarded input field with a default': ['input I { a: Int = 1 @auth(scope: "a") }', 'I.a'],
    'an argument of a guarded input object with a default': [
      'input I @auth(scope: "a") { a: Int } extend type Query { f(i: I = {}): Int @public }',
      'Query.f(i:)',
    ],
    'an argument of a guarded enum with a default': [
      'enum E @auth(scope: "a") { A } extend type Query { f(e: E = A): Int @public }',
      'Query.f(e:)',
    ],
    'a default that supplies a guarded enum value': [
      'enum E { A B @auth(scope: "a") } extend type Query { f(e: E = B): Int @public }',
      'Query.f(e:)',
    ],
    'a default that supplies a guarded input field': [
      'input I { a: Int @auth(scope: "a") } extend type Query { f(i: I = { a: 1 }): Int @public }',
      'Query.f(i:)',
    ],
  }),
  ...single('B-13', {
    'a mutation whose payload is guarded by an owner': [
      'extend type Mutation { f: P @public } type P @auth(owner: "id") { id: ID }',
      'Mutation.f',
    ],
    'a mutation whose payload is guarded by a policy': [
      'extend type Mutation { f: P @auth(scope: "a") } type P @auth(policy: ["p"]) { id: ID }',
      'Mutation.f',
    ],
  }),
  ...(
    [
      ['a field of another module', 'extend type Query { f: Int @public }'],
      ['a field of another module, guarded', 'extend type Query { f: Int @auth(scope: "b") }'],
      ['a field of another module, in shadow', 'extend type Query { f: Int @auth(scope: "a", mode: SHADOW) }'],
    ] as const
  ).map(([name, sdl]) => ({
    id: 'B-20',
    name,
    modules: { base: open, one: 'extend type Query { f: Int @auth(scope: "a") }', two: sdl },
    faults: [['Query.f', '"one"', '"two"']],
  })),
  ...single('B-22', {
    'a root field with neither': ['extend type Query { f: Int }', 'Query.f'],
    'several, at once': [
      'extend type Query { f: Int g: Int } extend type Mutation { h: Int } extend type Subscription { i: Int }',
      'Query.f',
      'Query.g',
      'Mutation.h',
      'Subscription.i',
    ],
    'a root field with a SHADOW rule alone': [
      'extend type Query { f: Int @auth(scope: "a", mode: SHADOW) }',
      'Query.f',
    ],
    'a root field with both': ['extend type Query { f: Int @public @auth(scope: "a") }', 'Query.f'],
    '@public off a root type': ['type T { f: Int @public }', 'T.f'],
    'a root field that only guards an argument': ['extend type Query { f(a: Int @auth(scope: "a")): Int }', 'Query.f'],
    'a root field that only returns a guarded type': ['extend type Query { f: T } type T @auth { x: Int }', 'Query.f'],
  }),
  ...rule('B-24', [
    'scope: []',
    'scope: ""',
    'scope: ["a", ""]',
    'scope: " a"',
    'scope: null',
    'scope: [null]',
    'scope: "unknown"',
    'claims: []',
    'claims: null',
    'claims: [{ claim: ["a"] }]',
    'claims: [{ claim: [], exists: true }]',
    'claims: [{ claim: [""], exists: true }]',
    'claims: [{ claim: ["a"], exists: false }]',
    'claims: [{ claim: ["a"], oneOf: [] }]',
    'claims: [{ claim: ["a"], oneOf: null }]',
    'claims: [{ claim: ["a"], oneOf: ["x"], exists: true }]',
    'owner: ""',
    'owner: null',
    'owner: "$"',
    'owner: "$b"',
    'owner: "x"',
    'policy: []',
    'policy: ""',
    'policy: null',
    'policy: ["unknown"]',
    'policy: ["toString"]',
    'anyOf: []',
    'anyOf: null',
    'anyOf: [{}]',
    'anyOf: [{ scope: [] }]',
    'anyOf: [{ anyOf: [{ scope: "a" }] }]',
    'anyOf: [{ scope: "a", mode: SHADOW }]',
    'maxAge: -1',
    'maxAge: null',
    'acr: []',
    'acr: ""',
    'acr: null',
    'mode: null',
    'mode: OFF',
  ]),
  ...single('B-24', {
    'an owner that the type has not': ['type T { x: Int @auth(owner: "y") }', 'T.x'],
    'an owner that is a list': ['type T { x: Int @auth(owner: "y") y: [ID] }', 'T.x'],
    'an owner that is an object': ['type T { x: Int @auth(owner: "y") y: T }', 'T.x'],
    'an owner that takes arguments': ['type T { x: Int @auth(owner: "y") y(a: Int): ID }', 'T.x'],
    'an owner of a type that the type has not': ['type T @auth(owner: "y") { x: Int }', 'T'],
    'an owner by an argument on a type': ['type T @auth(owner: "$y") { x: Int y: ID }', 'T'],
    'an owner on an input object': ['input I @auth(owner: "x") { x: ID }', 'I'],
    'an owner on an input field': ['input I { x: ID y: ID @auth(owner: "x") }', 'I.y'],
    'an owner on a union': ['union U @auth(owner: "x") = T type T { x: ID }', 'U'],
    'an owner on a scalar': ['scalar S @auth(owner: "x")', 'S'],
    'an owner on an enum': ['enum E @auth(owner: "x") { A }', 'E'],
    'an unknown scope on an argument': [
      'extend type Query { f(a: Int @auth(scope: "no")): Int @public }',
      'Query.f(a:)',
    ],
    'an unknown scope on an enum value': ['enum E { A @auth(scope: "no") }', 'E.A'],
    'an unknown scope on a union': ['union U @auth(scope: "no") = T type T { x: Int }', 'U'],
    'an unknown scope on an interface': ['interface I @auth(scope: "no") { x: Int }', 'I'],
    'an unknown scope in an alternative': ['type T { x: Int @auth(anyOf: [{ scope: "no" }]) }', 'T.x'],
  }),
];
