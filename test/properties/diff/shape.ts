import type { Choices } from '../auth/generate/choices.ts';

/** A rule, or an alternative of its `anyOf`. All of its parts must hold. */
export interface ShapeRule {
  /** Alternatives of sets. Empty: no scope is needed. */
  readonly scopes: readonly (readonly string[])[];
  /** The accepted values of the claim `role`. Empty: any. */
  readonly roles: readonly string[];
  /** The largest age of the authentication, in seconds. `null`: any age. */
  readonly maxAge: number | null;
  /** Whether the policy `p` must allow. */
  readonly hasPolicy: boolean;
  /** Whether the caller must be the owner. Each place has an owner field of its own, so that owners are independent. */
  readonly hasOwner: boolean;
  /** At least one must hold. Empty: there are no alternatives. */
  readonly anyOf: readonly ShapeRule[];
}

/** What the rules of a pair of schemas may have besides scopes. A pair has few of them, so that its callers are few. */
export type Flavour = 'roles' | 'questions' | 'ages' | 'alternatives';

export interface ShapeField {
  returns: string;
  rule: ShapeRule | null;
  /** Whether it requires an argument of the enum `Kind`. */
  hasKind: boolean;
  /** Whether it has the arguments `at: Int` and `in: In`, which are not required. */
  hasInputs: boolean;
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
const ruled: [string, ...string[]] = [
  'A',
  'B',
  'C',
  'Query',
  'Mutation',
  'Node',
  'Found',
  'Node.id',
  'Kind',
  'Kind.ONE',
  'Kind.TWO',
  'In',
  'In.x',
  'In.kind',
];
const holders: [string, ...string[]] = ['Query', ...objects];

/** Whether a rule at this place may have an owner or a policy: an object type, or a field of one. */
const isAskedAt = (at: string): boolean => /^(?:[ABC](?:\.\w+)?|Query\.\w+)$/.test(at);
const isOwnedAt = (at: string): boolean => isAskedAt(at) && !at.startsWith('Query');

/** Returns the name of the owner field of a place: `ownerF` for `A.f`, and `ownerSelf` for `A`. */
export const ownerField = (at: string): string => `owner${at.split('.')[1]?.toUpperCase() ?? 'Self'}`;

function ruleOf(choose: Choices, flavour: Flavour, at: string): ShapeRule {
  const one = partOf(choose, flavour, at);
  if (flavour !== 'alternatives' || !choose.rarely(2)) return one;
  return { ...one, anyOf: [partOf(choose, flavour, at), partOf(choose, flavour, at)] };
}

function partOf(choose: Choices, flavour: Flavour, at: string): ShapeRule {
  const sets = [['a'], ['b'], ['c'], ['a', 'b'], ['b', 'c']];
  const some = (): readonly string[] => sets[choose.below(sets.length)] ?? [];
  const scopes = choose.one([[], [some()], [some(), some()]]);
  const hasRoles = flavour === 'roles' || flavour === 'alternatives';
  const hasQuestions = (flavour === 'questions' || flavour === 'alternatives') && isAskedAt(at);
  return {
    scopes,
    roles: hasRoles ? choose.one([[], [], ['x'], ['y'], ['x', 'y']]) : [],
    maxAge: flavour === 'ages' ? choose.one([null, 60, 600]) : null,
    hasPolicy: hasQuestions && choose.rarely(3),
    hasOwner: hasQuestions && isOwnedAt(at) && choose.rarely(3),
    anyOf: [],
  };
}

function fieldOf(choose: Choices, flavour: Flavour, at: string): ShapeField {
  const rule = choose.rarely(2) ? ruleOf(choose, flavour, at) : null;
  const returns = at.startsWith('Mutation') ? choose.one(['Int', 'Done']) : choose.one(targets);
  return { returns, rule, hasKind: choose.rarely(4), hasInputs: choose.rarely(2), isList: choose.rarely(4) };
}

export function makeShape(choose: Choices, flavour: Flavour): Shape {
  const shape: Shape = { rules: new Map(), fields: new Map(), possible: { Node: ['A'], Found: ['B'] } };
  for (const at of ruled) if (choose.rarely(4)) shape.rules.set(at, ruleOf(choose, flavour, at));
  for (const type of ['Query', ...objects]) {
    for (const name of ['f', 'g', 'h'].slice(0, 1 + choose.below(3))) {
      addField(shape, `${type}.${name}`, choose, flavour);
    }
  }
  if (choose.rarely(2)) {
    addField(shape, 'Mutation.f', choose, flavour);
    shape.fields.set('Done.f', { ...fieldOf(choose, flavour, 'Done.f'), returns: 'A' });
  }
  return shape;
}

function addField({ rules, fields }: Shape, at: string, choose: Choices, flavour: Flavour): void {
  const field = fieldOf(choose, flavour, at);
  fields.set(at, field);
  if (field.hasInputs && choose.rarely(2)) rules.set(`${at}(at:)`, ruleOf(choose, flavour, `${at}(at:)`));
}

/** Makes another shape with one to three changes. */
export function changed(shape: Shape, choose: Choices, flavour: Flavour): Shape {
  const { rules, fields, possible } = shape;
  const other: Shape = {
    rules: new Map(rules),
    fields: new Map([...fields].map(([at, field]) => [at, { ...field }])),
    possible: { Node: [...possible.Node], Found: [...possible.Found] },
  };
  for (let left = 1 + choose.below(3); left > 0; left -= 1) {
    const at = choose.one([...other.fields.keys()] as [string, ...string[]]);
    const field = other.fields.get(at);
    const place = choose.one([...ruled, `${at}(at:)`] as [string, ...string[]]);
    const type = choose.one(['A', 'B', 'C']);
    const holder = choose.one<'Node' | 'Found'>(['Node', 'Found']);
    switch (choose.below(7)) {
      case 0:
        if (field) field.rule = choose.rarely(2) ? null : ruleOf(choose, flavour, at);
        break;
      case 1:
        if (field && /^(?:Query|[ABC])\./.test(at)) field.returns = choose.one(targets);
        break;
      case 2:
        if (choose.rarely(2)) other.rules.delete(place);
        else if (ruled.includes(place) || field?.hasInputs) other.rules.set(place, ruleOf(choose, flavour, place));
        break;
      case 3:
        addField(other, `${choose.one(holders)}.${choose.one(['f', 'g', 'h', 'i'])}`, choose, flavour);
        break;
      case 4:
        if (!at.endsWith('.f')) other.fields.delete(at);
        break;
      case 5: {
        const input = choose.one(['In', 'In.x', 'In.kind', 'Kind', 'Kind.ONE', `${at}(at:)`]);
        if (choose.rarely(2)) other.rules.delete(input);
        else if (field?.hasInputs || !input.endsWith(')')) other.rules.set(input, ruleOf(choose, flavour, input));
        break;
      }
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
  const text = (rule: ShapeRule | null | undefined, at: string): string => {
    if (!rule) return '';
    const alternatives = rule.anyOf.map((one) => partsOf(one, at)).map((one) => one && `{ ${one} }`);
    // An alternative without a part always holds. SDL cannot have one.
    const some = alternatives.length > 0 && alternatives.every(Boolean) ? `anyOf: [${alternatives.join(', ')}]` : '';
    const all = [partsOf(rule, at), some].filter(Boolean).join(' ');
    return all === '' ? '@auth' : `@auth(${all})`;
  };
  const at = (coordinate: string): string => text(rules.get(coordinate), coordinate);
  const fieldsOf = (type: string): string =>
    [...fields]
      .filter(([coordinate]) => coordinate.startsWith(`${type}.`))
      .map(([coordinate, { returns, rule, hasKind, hasInputs, isList }]) => {
        const isRoot = type === 'Query' || type === 'Mutation';
        const open = isRoot && !rule && !rules.has(type) ? '@public' : text(rule, coordinate);
        const name = coordinate.slice(type.length + 1);
        const inputs = hasInputs ? [`at: Int ${at(`${coordinate}(at:)`)}`, 'in: In'] : [];
        const args = [...(hasKind ? ['kind: Kind!'] : []), ...inputs];
        return `${name}${args.length > 0 ? `(${args.join(' ')})` : ''}: ${isList ? `[${returns}]` : returns} ${open}`;
      })
      .join(' ');
  const owners = ['F', 'G', 'H', 'I', 'Self'].map((name) => `owner${name}: ID`).join(' ');
  const types = objects.map((type) => {
    const parent = possible.Node.includes(type) ? 'implements Node' : '';
    return `type ${type} ${parent} ${at(type)} { id: Int ${owners} ${fieldsOf(type)} }`;
  });
  const mutation = fields.has('Mutation.f')
    ? `type Mutation ${at('Mutation')} { ${fieldsOf('Mutation')} } type Done { ok: Int ${fieldsOf('Done')} }`
    : '';
  return `type Query ${at('Query')} { ${fieldsOf('Query')} } ${types.join(' ')} ${mutation}
    input In ${at('In')} { x: Int ${at('In.x')} kind: Kind ${at('In.kind')} }
    interface Node ${at('Node')} { id: Int ${at('Node.id')} } union Found ${at('Found')} = ${possible.Found.join(' | ')}
    enum Kind ${at('Kind')} { ONE ${at('Kind.ONE')} TWO ${at('Kind.TWO')} }`;
}

function partsOf({ scopes, roles, maxAge, hasPolicy, hasOwner }: ShapeRule, at: string): string {
  return [
    ...(scopes.length > 0 ? [`scope: ${JSON.stringify(scopes.map((set) => set.join(' ')))}`] : []),
    ...(roles.length > 0 ? [`claims: [{ claim: "role", oneOf: ${JSON.stringify(roles)} }]`] : []),
    ...(maxAge === null ? [] : [`maxAge: ${maxAge}`]),
    ...(hasPolicy ? ['policy: "p"'] : []),
    ...(hasOwner ? [`owner: ${JSON.stringify(ownerField(at))}`] : []),
  ].join(' ');
}
