import type { Choices } from '../auth/generate/choices.ts';

/** A rule on scopes and on the claim `role`. Both must hold. */
export interface ShapeRule {
  /** Alternatives of sets. Empty: no scope is needed. */
  readonly scopes: readonly (readonly string[])[];
  /** The accepted roles. Empty: any. */
  readonly roles: readonly string[];
}

export interface ShapeField {
  returns: string;
  rule: ShapeRule | null;
  /** Whether it requires an argument of the enum `Kind`. */
  hasKind: boolean;
  isList: boolean;
}

/** A small schema with rules. */
export interface Shape {
  /** The rules of types, of the fields of interfaces and of enum values, by coordinate. */
  readonly rules: Map<string, ShapeRule>;
  /** The fields of object types, by coordinate. */
  readonly fields: Map<string, ShapeField>;
  /** The possible types of `Node` and `Found`. */
  readonly possible: Record<'Node' | 'Found', string[]>;
}

export const objects = ['A', 'B', 'C'];
const targets: [string, ...string[]] = ['Int', 'A', 'B', 'C', 'Node', 'Found'];
const ruled: [string, ...string[]] = ['A', 'B', 'C', 'Query', 'Node', 'Found', 'Node.id', 'Kind.ONE', 'Kind.TWO'];

function ruleOf(choose: Choices): ShapeRule {
  const sets = [['a'], ['b'], ['c'], ['a', 'b'], ['b', 'c']];
  const some = (): readonly string[] => sets[choose.below(sets.length)] ?? [];
  const scopes = choose.one([[], [some()], [some(), some()]]);
  return { scopes, roles: choose.one([[], [], ['x'], ['y'], ['x', 'y']]) };
}

function fieldOf(choose: Choices): ShapeField {
  const rule = choose.rarely(2) ? ruleOf(choose) : null;
  return { returns: choose.one(targets), rule, hasKind: choose.rarely(4), isList: choose.rarely(4) };
}

export function makeShape(choose: Choices): Shape {
  const shape: Shape = { rules: new Map(), fields: new Map(), possible: { Node: ['A'], Found: ['B'] } };
  for (const at of ruled) if (choose.rarely(4)) shape.rules.set(at, ruleOf(choose));
  for (const type of ['Query', ...objects]) {
    for (const name of ['f', 'g', 'h'].slice(0, 1 + choose.below(3))) {
      shape.fields.set(`${type}.${name}`, fieldOf(choose));
    }
  }
  return shape;
}

/** Makes another shape with one to three changes. */
export function changed(shape: Shape, choose: Choices): Shape {
  const { rules, fields, possible } = shape;
  const other: Shape = {
    rules: new Map(rules),
    fields: new Map([...fields].map(([at, field]) => [at, { ...field }])),
    possible: { Node: [...possible.Node], Found: [...possible.Found] },
  };
  for (let left = 1 + choose.below(3); left > 0; left -= 1) {
    const at = choose.one([...other.fields.keys()] as [string, ...string[]]);
    const field = other.fields.get(at);
    const place = choose.one(ruled);
    const type = choose.one(['A', 'B', 'C']);
    const holder = choose.one<'Node' | 'Found'>(['Node', 'Found']);
    switch (choose.below(6)) {
      case 0:
        if (field) field.rule = choose.rarely(2) ? null : ruleOf(choose);
        break;
      case 1:
        if (field) field.returns = choose.one(targets);
        break;
      case 2:
        if (choose.rarely(2)) other.rules.delete(place);
        else other.rules.set(place, ruleOf(choose));
        break;
      case 3:
        other.fields.set(
          `${choose.one(['Query', 'A', 'B', 'C'])}.${choose.one(['f', 'g', 'h', 'i'])}`,
          fieldOf(choose),
        );
        break;
      case 4:
        if (!at.endsWith('.f')) other.fields.delete(at);
        break;
      default:
        if (!other.possible[holder].includes(type)) other.possible[holder].push(type);
        else if (other.possible[holder].length > 1) {
          other.possible[holder] = other.possible[holder].filter((one) => one !== type);
        }
    }
  }
  return other;
}

export function sdlOf({ rules, fields, possible }: Shape): string {
  const text = (rule: ShapeRule | null | undefined): string => {
    if (!rule) return '';
    const scope = rule.scopes.length > 0 ? `scope: ${JSON.stringify(rule.scopes.map((set) => set.join(' ')))} ` : '';
    const claims = rule.roles.length > 0 ? `claims: [{ claim: "role", oneOf: ${JSON.stringify(rule.roles)} }]` : '';
    return scope + claims === '' ? '@auth' : `@auth(${scope}${claims})`;
  };
  const at = (coordinate: string): string => text(rules.get(coordinate));
  const fieldsOf = (type: string): string =>
    [...fields]
      .filter(([coordinate]) => coordinate.startsWith(`${type}.`))
      .map(([coordinate, { returns, rule, hasKind, isList }]) => {
        const open = type === 'Query' && !rule && !rules.has('Query') ? '@public' : text(rule);
        const name = coordinate.slice(type.length + 1);
        return `${name}${hasKind ? '(kind: Kind!)' : ''}: ${isList ? `[${returns}]` : returns} ${open}`;
      })
      .join(' ');
  const types = objects.map((type) => {
    const parent = possible.Node.includes(type) ? 'implements Node' : '';
    return `type ${type} ${parent} ${at(type)} { id: Int ${fieldsOf(type)} }`;
  });
  return `type Query ${at('Query')} { ${fieldsOf('Query')} } ${types.join(' ')}
    interface Node ${at('Node')} { id: Int ${at('Node.id')} } union Found ${at('Found')} = ${possible.Found.join(' | ')}
    enum Kind { ONE ${at('Kind.ONE')} TWO ${at('Kind.TWO')} }`;
}
