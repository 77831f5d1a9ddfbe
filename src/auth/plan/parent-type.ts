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
import type { ElementRules } from '../rules/elements.ts';
import type { RuleIds } from '../rules/rule.ts';
import type { InputRules } from '../inputs/input-rules.ts';

/** The type of the value to which a selection set applies. The document may allow several object types. */
export interface ParentType {
  /** The narrowest type that the document names. */
  readonly named: GraphQLCompositeType;
  /** The possible object types of the value. */
  readonly possible: readonly GraphQLObjectType[];
  /**
   * Whether the object type is known only after type resolution. The rules of that type are then decided after type
   * resolution.
   */
  readonly resolved: boolean;
}

const none: readonly RuleIds[] = [];

/** The rules of a field for one or more possible types of its parent. */
export interface Possibility {
  readonly rules: RuleIds;
  /** The rules of the field's arguments. `null`: the arguments cannot supply an input with a rule. */
  readonly inputs: { readonly rules: InputRules; readonly field: GraphQLField<unknown, unknown> } | null;
  /**
   * The rules of each possible type of the field's value. Empty if the field does not return an interface or a union.
   */
  readonly returns: readonly RuleIds[];
}

/** The parent types of one plan. Equal parent types are one object, so a parent type can be the key of a map. */
export interface ParentTypes {
  /** Returns the parent type of the selections under a field of this type. `null`: the field is a leaf. */
  of(type: GraphQLOutputType): ParentType | null;
  /**
   * Returns the parent type of the selections under a field. Only the types that the field returns on a possible type
   * of its parent are included.
   */
  below(parent: ParentType, name: string): ParentType | null;
  /** Narrows a parent type to the type condition of a fragment. `null`: no value has both types. */
  within(parent: ParentType, condition: string): ParentType | null;
  /** Returns the definition of a field in the type that the document names. `undefined`: there is no definition. */
  field(parent: ParentType, name: string): GraphQLField<unknown, unknown> | undefined;
  /** Returns the rules that hold for a field with every possible type of its parent. */
  rules(parent: ParentType, name: string): RuleIds;
  /**
   * Returns the rules of a field for each possible type of its parent. If the rules of all these types deny, the field
   * is always denied.
   */
  possibilities(parent: ParentType, name: string): readonly Possibility[];
}

/**
 * Makes the parent types of one plan.
 *
 * @param grown - called for each new parent type or field, with an estimate of its size in bytes
 */
export function createParentTypes(
  schema: GraphQLSchema,
  elements: ElementRules,
  grown: (bytes: number) => void,
): ParentTypes {
  const made = new Map<string, ParentType>();
  const narrowed = new WeakMap<ParentType, Map<string, ParentType | null>>();
  const ruled = new WeakMap<ParentType, Map<string, RuleIds>>();
  const possibilities = new WeakMap<ParentType, Map<string, readonly Possibility[]>>();
  const inside = new WeakMap<ParentType, Map<string, ParentType | null>>();
  const ofValues = new Map<string, readonly RuleIds[]>();

  function make(named: GraphQLCompositeType, possible: readonly GraphQLObjectType[], resolved: boolean): ParentType {
    const key = `${named.name} ${resolved} ${possible.map((type) => type.name).join()}`;
    return getOrMake(made, key, () => {
      grown(bytesOfParent + key.length + bytesOfType * possible.length);
      return { named, possible, resolved };
    });
  }

  function narrow({ named, possible, resolved }: ParentType, condition: string): ParentType | null {
    const type = schema.getType(condition);
    if (isObjectType(type)) return possible.includes(type) ? make(type, [type], resolved) : null;
    if (!isAbstractType(type)) return null;
    const left = possible.filter((candidate) => schema.isSubType(type, candidate));
    const implied = isUnionType(named) ? named === type : named === type || schema.isSubType(type, named);
    return left.length > 0 ? make(implied ? named : type, left, resolved) : null;
  }

  function of(type: GraphQLOutputType): ParentType | null {
    const named = getNamedType(type);
    if (!isCompositeType(named)) return null;
    return isAbstractType(named) ? make(named, schema.getPossibleTypes(named), true) : make(named, [named], false);
  }

  /** Returns the parent type below a field. An object type can return a narrower type than its interface declares. */
  function belowField(parent: ParentType, name: string): ParentType | null {
    const field = fieldOf(parent, name);
    const declared = field ? of(field.type) : null;
    if (!declared?.resolved) return declared;
    const types = parent.possible.flatMap((type) => {
      const returned = type.getFields()[name];
      return returned ? (of(returned.type)?.possible ?? []) : [];
    });
    const reached = new Set(types);
    return make(
      declared.named,
      declared.possible.filter((type) => reached.has(type)),
      true,
    );
  }

  function returnsOf(type: GraphQLOutputType): readonly RuleIds[] {
    const named = getNamedType(type);
    if (!isAbstractType(named)) return none;
    return getOrMake(ofValues, named.name, () => {
      const types = schema.getPossibleTypes(named);
      grown(bytesOfField + bytesOfType * types.length);
      return types.map(({ name }) => elements.typeRules(name));
    });
  }

  function rulesOfType(type: GraphQLObjectType, name: string, resolved: boolean): RuleIds {
    const ids = [...elements.fieldRules(type.name, name), ...(resolved ? elements.typeRules(type.name) : [])];
    return [...new Set(ids)].sort((a, b) => a - b);
  }

  function rulesOf({ possible, resolved }: ParentType, name: string): RuleIds {
    const [first = [], ...others] = possible.map((type) => new Set(rulesOfType(type, name, resolved)));
    return [...first].filter((id) => others.every((ids) => ids.has(id)));
  }

  function possibilitiesOf({ possible, resolved }: ParentType, name: string): readonly Possibility[] {
    const found = new Map<string, Possibility>();
    for (const type of possible) {
      const rules = rulesOfType(type, name, resolved);
      const field = type.getFields()[name];
      const inputRules = field ? elements.inputRules(type.name, name) : null;
      const inputs = field && inputRules ? { rules: inputRules, field } : null;
      const returns = field ? returnsOf(field.type) : none;
      // Possibilities with equal rules are merged, unless arguments have rules, because each type defines its own
      // arguments.
      const key = `${rules.join()} ${inputs ? type.name : ''} ${field && returns.length > 0 ? getNamedType(field.type).name : ''}`;
      found.set(key, { rules, inputs, returns });
    }
    grown(bytesOfField + bytesOfPossibility * found.size);
    return [...found.values()];
  }

  return {
    of,
    below: (parent, name) =>
      getOrMake(
        getOrMake(inside, parent, () => new Map()),
        name,
        () => belowField(parent, name),
      ),
    within: (parent, condition) =>
      getOrMake(
        getOrMake(narrowed, parent, () => new Map()),
        condition,
        () => narrow(parent, condition),
      ),
    field: fieldOf,
    rules: (parent, name) =>
      getOrMake(
        getOrMake(ruled, parent, () => new Map()),
        name,
        () => rulesOf(parent, name),
      ),
    possibilities: (parent, name) =>
      getOrMake(
        getOrMake(possibilities, parent, () => new Map()),
        name,
        () => possibilitiesOf(parent, name),
      ),
  };
}

function fieldOf({ named }: ParentType, name: string): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(named) || isInterfaceType(named) ? named.getFields()[name] : undefined;
}

/**
 * Estimated sizes, in bytes of heap. `test/auth/plan/memory.test.ts` measures them on 64-bit V8. They are rounded up.
 */
const bytesOfParent = 900;
const bytesOfType = 16;
const bytesOfField = 600;
const bytesOfPossibility = 180;

/** Returns the value of a key. If the key has no value, it makes and stores one. */
function getOrMake<K, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
