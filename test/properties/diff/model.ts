import { objects, type Shape, type ShapeRule } from './shape.ts';

/** A caller of the model. `null`: without a token. */
export type ModelCaller = {
  readonly scopes: ReadonlySet<string>;
  readonly role: string | null;
  /** The age of the authentication, in seconds. */
  readonly age: number;
  /** The questions to owners and policies that hold: `owner A.f`, `policy A.f`. Each place has questions of its own. */
  readonly holding: ReadonlySet<string>;
} | null;

/** How many questions to owners and policies a pair of schemas may have. Every outcome of them is a caller. */
const maxQuestions = 3;

/** Removes the owners and policies of a pair of schemas that are too many. */
export function withFewQuestions(shapes: readonly Shape[]): void {
  const kept = new Set<string>();
  for (const shape of shapes) {
    const rules = [
      ...[...shape.rules].map(([at, rule]) => ({ at, rule, set: (one: ShapeRule) => shape.rules.set(at, one) })),
      ...[...shape.fields].flatMap(([at, field]) =>
        field.rule ? [{ at, rule: field.rule, set: (one: ShapeRule) => (field.rule = one) }] : [],
      ),
    ];
    for (const { at, rule, set } of rules) {
      for (const question of questionsOf(rule, at)) if (kept.size < maxQuestions) kept.add(question);
      const only = (one: ShapeRule): ShapeRule => ({
        ...one,
        hasPolicy: one.hasPolicy && kept.has(`policy ${at}`),
        hasOwner: one.hasOwner && kept.has(`owner ${at}`),
        anyOf: one.anyOf.map(only),
      });
      set(only(rule));
    }
  }
}

function questionsOf({ hasPolicy, hasOwner, anyOf }: ShapeRule, at: string): readonly string[] {
  return [
    ...(hasPolicy ? [`policy ${at}`] : []),
    ...(hasOwner ? [`owner ${at}`] : []),
    ...anyOf.flatMap((one) => questionsOf(one, at)),
  ];
}

/** Returns every caller that the rules of some shapes can tell apart. */
export function callersOf(shapes: readonly Shape[]): readonly ModelCaller[] {
  const rules = shapes.flatMap(({ rules: ofPlaces, fields }) => [
    ...ofPlaces,
    ...[...fields].flatMap(([at, { rule }]) => (rule ? [[at, rule] as const] : [])),
  ]);
  const parts = rules.flatMap(([, rule]) => [rule, ...rule.anyOf]);
  const roles = parts.some((one) => one.roles.length > 0) ? [null, 'x', 'y'] : [null];
  const ages = parts.some(({ maxAge }) => maxAge !== null) ? [30, 300, 3_000] : [30];
  const questions = [...new Set(rules.flatMap(([at, rule]) => questionsOf(rule, at)))];
  return [
    null,
    ...subsets(['a', 'b', 'c']).flatMap((scopes) =>
      roles.flatMap((role) =>
        ages.flatMap((age) => subsets(questions).map((holding) => ({ scopes, role, age, holding }))),
      ),
    ),
  ];
}

function subsets(names: readonly string[]): readonly ReadonlySet<string>[] {
  return Array.from({ length: 2 ** names.length }, (_, bits) => new Set(names.filter((_name, at) => bits & (1 << at))));
}

function holds(rule: ShapeRule | null | undefined, at: string, caller: ModelCaller): boolean {
  if (!rule) return true;
  if (!caller) return false;
  const { scopes, roles, maxAge, hasPolicy, hasOwner, anyOf } = rule;
  return (
    (roles.length === 0 || (caller.role !== null && roles.includes(caller.role))) &&
    (scopes.length === 0 || scopes.some((set) => set.every((scope) => caller.scopes.has(scope)))) &&
    (maxAge === null || caller.age <= maxAge) &&
    (!hasPolicy || caller.holding.has(`policy ${at}`)) &&
    (!hasOwner || caller.holding.has(`owner ${at}`)) &&
    (anyOf.length === 0 || anyOf.some((one) => holds(one, at, caller)))
  );
}

/** Whether the rules of an argument, an input field or an enum value let a caller supply it. */
export function suppliesInput({ rules }: Shape, coordinate: string, caller: ModelCaller): boolean {
  const [type = ''] = coordinate.split('.');
  const ofType = coordinate === 'In.kind' ? ['In', 'Kind'] : coordinate.endsWith(')') ? [] : [type];
  return [coordinate, ...ofType].every((at) => holds(rules.get(at), at, caller));
}

/** What a caller reads: the fields, and the fields with each value of their required argument. */
export interface Read {
  readonly fields: ReadonlySet<string>;
  /** The calls: `A.f` without a required argument, and `A.f ONE` with one. */
  readonly calls: ReadonlySet<string>;
}

/** Finds the fields that a caller reads, from the meaning of the rules alone. */
export function readFields({ rules, fields, possible }: Shape, caller: ModelCaller): Read {
  const at = (coordinate: string): boolean => holds(rules.get(coordinate), coordinate, caller);
  const typeHolds = (type: string): boolean => at(type) && (!possible.Node.includes(type) || at('Node'));
  const isAbstract = (type: string): type is 'Node' | 'Found' => type === 'Node' || type === 'Found';
  const valueHolds = (type: string): boolean => {
    if (isAbstract(type)) return at(type) && possible[type].some(typeHolds);
    return type === 'Int' || typeHolds(type);
  };
  const read = new Set<string>();
  const calls = new Set<string>();
  const reached = new Set(['Query', 'Mutation']);
  for (const type of reached) {
    if (objects.includes(type) && (!possible.Node.includes(type) || at('Node.id'))) read.add(`${type}.id`);
    for (const [coordinate, { returns, rule, hasKind }] of fields) {
      if (!coordinate.startsWith(`${type}.`)) continue;
      if (!holds(rule, coordinate, caller) || !valueHolds(returns)) continue;
      if ((type === 'Query' || type === 'Mutation') && !at(type)) continue;
      const kinds = ['ONE', 'TWO'].filter((kind) => at('Kind') && at(`Kind.${kind}`));
      if (hasKind && kinds.length === 0) continue;
      read.add(coordinate);
      for (const call of hasKind ? kinds.map((kind) => `${coordinate} ${kind}`) : [coordinate]) calls.add(call);
      const types = isAbstract(returns) ? possible[returns].filter(typeHolds) : returns === 'Int' ? [] : [returns];
      for (const one of types) reached.add(one);
    }
  }
  return { fields: read, calls };
}
