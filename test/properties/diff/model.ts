import { objects, type Shape, type ShapeRule } from './shape.ts';

/** A caller of the model. `null`: without a token. */
export type ModelCaller = { readonly scopes: ReadonlySet<string>; readonly role: string | null } | null;

/** Every caller that the rules of a shape can tell apart. */
export const callers: readonly ModelCaller[] = [
  null,
  ...[null, 'x', 'y'].flatMap((role) =>
    Array.from({ length: 8 }, (_, bits) => ({
      scopes: new Set(['a', 'b', 'c'].filter((_scope, at) => bits & (1 << at))),
      role,
    })),
  ),
];

function holds(rule: ShapeRule | null | undefined, caller: ModelCaller): boolean {
  if (!rule) return true;
  if (!caller) return false;
  const isRole = rule.roles.length === 0 || (caller.role !== null && rule.roles.includes(caller.role));
  const isScope = rule.scopes.length === 0 || rule.scopes.some((set) => set.every((scope) => caller.scopes.has(scope)));
  return isRole && isScope;
}

/** Finds the fields that a caller reads, from the meaning of the rules alone. */
export function readFields({ rules, fields, possible }: Shape, caller: ModelCaller): ReadonlySet<string> {
  const at = (coordinate: string): boolean => holds(rules.get(coordinate), caller);
  const typeHolds = (type: string): boolean => at(type) && (!possible.Node.includes(type) || at('Node'));
  const isAbstract = (type: string): type is 'Node' | 'Found' => type === 'Node' || type === 'Found';
  const valueHolds = (type: string): boolean => {
    if (isAbstract(type)) return at(type) && possible[type].some(typeHolds);
    return type === 'Int' || typeHolds(type);
  };
  const read = new Set<string>();
  const reached = new Set(['Query']);
  for (const type of reached) {
    if (objects.includes(type) && (!possible.Node.includes(type) || at('Node.id'))) read.add(`${type}.id`);
    for (const [coordinate, { returns, rule, hasKind }] of fields) {
      if (!coordinate.startsWith(`${type}.`)) continue;
      if (!holds(rule, caller) || (type === 'Query' && !at('Query')) || !valueHolds(returns)) continue;
      if (hasKind && !at('Kind.ONE') && !at('Kind.TWO')) continue;
      read.add(coordinate);
      const types = isAbstract(returns) ? possible[returns].filter(typeHolds) : returns === 'Int' ? [] : [returns];
      for (const one of types) reached.add(one);
    }
  }
  return read;
}
