import {
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { Elements } from '../rules/elements.ts';
import type { RuleIds } from '../rules/rule.ts';
import type { InputRules } from '../inputs/input-rules.ts';

/** What a document says about the value that a selection set is applied to. */
export interface Parent {
  /** The narrowest type that the document names. */
  readonly named: GraphQLCompositeType;
  /** The object types that the value can be of. */
  readonly possible: readonly GraphQLObjectType[];
  /** Whether only the value tells its type, so that the rules of its type are decided after type resolution. */
  readonly resolved: boolean;
}

const none: readonly RuleIds[] = [];

/** What a field takes of some of the object types that its parent can be of. */
export interface Possibility {
  readonly rules: RuleIds;
  /** What its arguments take there; `null` where they can take nothing. */
  readonly inputs: { readonly rules: InputRules; readonly field: GraphQLField<unknown, unknown> } | null;
  /** The rules of each type that its value can be of there, where only the value tells it; else empty. */
  readonly returns: readonly RuleIds[];
}

/** The parents that documents can name in a schema. Each is made once and then found, so that work can be kept by parent. */
export interface Parents {
  /** The parent of the selections under a field of this type; `null` for a leaf. */
  of(type: GraphQLOutputType): Parent | null;
  /** The parent of the selections under a field: of its type, as far as some type of the field's own parent returns it. */
  below(parent: Parent, name: string): Parent | null;
  /** What is left of a parent inside a fragment on a type; `null`: no value is both. */
  within(parent: Parent, condition: string): Parent | null;
  field(parent: Parent, name: string): GraphQLField<unknown, unknown> | undefined;
  /** The rules that meet at a field whichever possible type the value turns out to be of. */
  rules(parent: Parent, name: string): RuleIds;
  /** What the field takes of each possible type, without repetition: the field is denied in any case where all of them deny. */
  possibilities(parent: Parent, name: string): readonly Possibility[];
}

/** @param grown - called with an estimate of the bytes that a parent, or a field of one, takes from now on */
export function createParents(schema: GraphQLSchema, elements: Elements, grown: (bytes: number) => void): Parents {
  const made = new Map<string, Parent>();
  const narrowed = new WeakMap<Parent, Map<string, Parent | null>>();
  const ruled = new WeakMap<Parent, Map<string, RuleIds>>();
  const possibilities = new WeakMap<Parent, Map<string, readonly Possibility[]>>();
  const inside = new WeakMap<Parent, Map<string, Parent | null>>();
  const ofValues = new Map<string, readonly RuleIds[]>();

  function make(named: GraphQLCompositeType, possible: readonly GraphQLObjectType[], resolved: boolean): Parent {
    const key = `${named.name} ${resolved} ${possible.map((type) => type.name).join()}`;
    return keep(made, key, () => {
      grown(bytesOfParent + key.length + bytesOfType * possible.length);
      return { named, possible, resolved };
    });
  }

  function narrow({ named, possible, resolved }: Parent, condition: string): Parent | null {
    const type = schema.getType(condition);
    if (isObjectType(type)) return possible.includes(type) ? make(type, [type], resolved) : null;
    if (!isAbstractType(type)) return null;
    const left = possible.filter((candidate) => schema.isSubType(type, candidate));
    const implied = isUnionType(named) ? named === type : named === type || schema.isSubType(type, named);
    return left.length > 0 ? make(implied ? named : type, left, resolved) : null;
  }

  function of(type: GraphQLOutputType): Parent | null {
    const named = getNamedType(type);
    if (!isCompositeType(named)) return null;
    return isAbstractType(named) ? make(named, schema.getPossibleTypes(named), true) : make(named, [named], false);
  }

  /** The types of a parent can narrow what an interface's field returns. */
  function belowField(parent: Parent, name: string): Parent | null {
    const field = fieldOf(parent, name);
    const whole = field ? of(field.type) : null;
    if (!whole?.resolved) return whole;
    const types = parent.possible.flatMap((type) => {
      const returned = type.getFields()[name];
      return returned ? (of(returned.type)?.possible ?? []) : [];
    });
    const reached = new Set(types);
    return make(
      whole.named,
      whole.possible.filter((type) => reached.has(type)),
      true,
    );
  }

  function returnsOf(type: GraphQLOutputType): readonly RuleIds[] {
    const named = getNamedType(type);
    if (!isAbstractType(named)) return none;
    return keep(ofValues, named.name, () => {
      const types = schema.getPossibleTypes(named);
      grown(bytesOfField + bytesOfType * types.length);
      return types.map(({ name }) => elements.typeRules(name));
    });
  }

  function rulesOfType(type: GraphQLObjectType, name: string, resolved: boolean): RuleIds {
    const ids = [...elements.fieldRules(type.name, name), ...(resolved ? elements.typeRules(type.name) : [])];
    return [...new Set(ids)].sort((a, b) => a - b);
  }

  function rulesOf({ possible, resolved }: Parent, name: string): RuleIds {
    const [first = [], ...others] = possible.map((type) => new Set(rulesOfType(type, name, resolved)));
    return [...first].filter((id) => others.every((ids) => ids.has(id)));
  }

  function possibilitiesOf({ possible, resolved }: Parent, name: string): readonly Possibility[] {
    const found = new Map<string, Possibility>();
    for (const type of possible) {
      const rules = rulesOfType(type, name, resolved);
      const field = type.getFields()[name];
      const inputRules = field ? elements.inputRules(type.name, name) : null;
      const inputs = field && inputRules ? { rules: inputRules, field } : null;
      const returns = field ? returnsOf(field.type) : none;
      // Each type has arguments of its own.
      const key = `${rules.join()} ${inputs ? type.name : ''} ${field && returns.length > 0 ? getNamedType(field.type).name : ''}`;
      found.set(key, { rules, inputs, returns });
    }
    grown(bytesOfField + bytesOfPossibility * found.size);
    return [...found.values()];
  }

  return {
    of,
    below: (parent, name) =>
      keep(
        keep(inside, parent, () => new Map()),
        name,
        () => belowField(parent, name),
      ),
    within: (parent, condition) =>
      keep(
        keep(narrowed, parent, () => new Map()),
        condition,
        () => narrow(parent, condition),
      ),
    field: fieldOf,
    rules: (parent, name) =>
      keep(
        keep(ruled, parent, () => new Map()),
        name,
        () => rulesOf(parent, name),
      ),
    possibilities: (parent, name) =>
      keep(
        keep(possibilities, parent, () => new Map()),
        name,
        () => possibilitiesOf(parent, name),
      ),
  };
}

function fieldOf({ named }: Parent, name: string): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(named) || isInterfaceType(named) ? named.getFields()[name] : undefined;
}

/** What is taken for sizes, in bytes of heap: measured on 64-bit V8 by the test of plans, and rounded up. */
const bytesOfParent = 900;
const bytesOfType = 16;
const bytesOfField = 600;
const bytesOfPossibility = 180;

/** What is kept under a key, made the first time. */
function keep<K, V>(kept: { get(key: K): V | undefined; set(key: K, value: V): unknown }, key: K, make: () => V): V {
  let value = kept.get(key);
  if (value === undefined) {
    value = make();
    kept.set(key, value);
  }
  return value;
}
