import {
  type GraphQLAbstractType,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isUnionType,
  TypeNameMetaFieldDef,
} from 'graphql';
import type { ElementRules } from '../rules/elements.ts';
import { createParentFields } from './parent-fields.ts';
import type { ParentField, ParentType } from './parent-type.ts';
import type { PlanSize } from './plan-cache.ts';

/** A field on a parent type, and the parent type below it. `undefined`: the parent type below belongs to one plan. */
interface Field extends ParentField {
  readonly below: ParentType | null | undefined;
}

/**
 * A parent type with the fields that were read. All plans of a schema share the parent types that allow all object types
 * of the type that they name. A document can narrow a type to any subset of its object types. Such a parent type belongs
 * to one plan, because a map for all plans could grow without bound.
 */
class Parent implements ParentType {
  readonly named: GraphQLCompositeType;
  readonly possible: readonly GraphQLObjectType[];
  readonly resolved: boolean;
  readonly isShared: boolean;
  readonly fields: Map<string, Field> = new Map();

  constructor(named: GraphQLCompositeType, possible: Parent['possible'], resolved: boolean, isShared: boolean) {
    this.named = named;
    this.possible = possible;
    this.resolved = resolved;
    this.isShared = isShared;
  }
}

/** The shared parent types of a schema. Each is made when it is first needed. */
export class SchemaParents {
  readonly schema: GraphQLSchema;
  readonly read: ReturnType<typeof createParentFields>;
  readonly #known = new Map<GraphQLCompositeType, Parent>();
  readonly #resolved = new Map<GraphQLCompositeType, Parent>();

  constructor(schema: GraphQLSchema, elements: ElementRules) {
    this.schema = schema;
    this.read = createParentFields(schema, elements);
  }

  /** Returns the parent type that allows all object types of a type. */
  whole(named: GraphQLCompositeType, resolved: boolean): Parent {
    const types = resolved ? this.#resolved : this.#known;
    return getOrMake(types, named, () => {
      const possible = isAbstractType(named) ? this.schema.getPossibleTypes(named) : [named];
      return new Parent(named, possible, resolved, true);
    });
  }

  /** Returns the parent type of the values of a type. `null`: the type has no fields. */
  of(type: GraphQLOutputType): Parent | null {
    const named = getNamedType(type);
    return isCompositeType(named) ? this.whole(named, isAbstractType(named)) : null;
  }
}

/** The parent types of one plan. Equal parent types are one object, so a parent type can be the key of a map. */
export class ParentTypes {
  readonly #shared: SchemaParents;
  readonly #size: PlanSize;
  // Most plans need neither of these maps.
  #parts: Map<string, Parent> | null = null;
  #found: Map<ParentType, Map<string, Parent | null>> | null = null;

  /** @param size - counts the parent types and fields that belong to the plan */
  constructor(shared: SchemaParents, size: PlanSize) {
    this.#shared = shared;
    this.#size = size;
  }

  /** Returns the parent type of a root type. */
  ofRoot(type: GraphQLObjectType): ParentType {
    return this.#shared.whole(type, false);
  }

  /** Returns a field on a parent type. Further calls for a field of the schema return the same object. */
  field(parent: ParentType, name: string): ParentField {
    return this.#fieldOf(parent as Parent, name);
  }

  /**
   * Returns the parent type of the selections under a field. Only the types that the field returns on a possible type
   * of its parent are included. `null`: the field is a leaf, or there is no definition.
   */
  below(parent: ParentType, name: string): ParentType | null {
    const field = this.#fieldOf(parent as Parent, name);
    if (field.below !== undefined) return field.below;
    return this.#once(parent, `.${name}`, () => this.#below(parent, field, name));
  }

  /** Narrows a parent type to the type condition of a fragment. `null`: no value has both types. */
  within(parent: ParentType, condition: string): ParentType | null {
    const { schema } = this.#shared;
    const type = schema.getType(condition);
    if (isObjectType(type)) return parent.possible.includes(type) ? this.#shared.whole(type, parent.resolved) : null;
    if (!isAbstractType(type)) return null;
    if (isObjectType(parent.named)) return schema.isSubType(type, parent.named) ? parent : null;
    return this.#once(parent, condition, () => this.#narrow(parent, type));
  }

  #fieldOf(parent: Parent, name: string): Field {
    const known = parent.fields.get(name);
    if (known !== undefined) return known;
    const read = this.#shared.read(parent, name);
    const below = this.#below(parent, read, name);
    const field: Field = { ...read, below: parent.isShared && below?.isShared === false ? undefined : below };
    // The name of a field that the schema does not have must not stay.
    const isStored = !parent.isShared || field.definition !== undefined || name === TypeNameMetaFieldDef.name;
    if (isStored) parent.fields.set(name, field);
    if (!isStored || !parent.isShared) this.#size.grow(bytesOf(field));
    return field;
  }

  /** Returns the parent type below a field. An object type can return a narrower type than its interface declares. */
  #below({ possible }: ParentType, { definition }: ParentField, name: string): Parent | null {
    const declared = definition ? this.#shared.of(definition.type) : null;
    if (!declared || !isAbstractType(declared.named)) return declared;
    const reached = new Set(
      possible.flatMap((type) => {
        const returned = type.getFields()[name];
        return returned ? (this.#shared.of(returned.type)?.possible ?? []) : [];
      }),
    );
    const left = declared.possible.filter((type) => reached.has(type));
    return this.#part(declared.named, left);
  }

  #narrow({ named, possible }: ParentType, type: GraphQLAbstractType): Parent | null {
    const { schema } = this.#shared;
    const left = possible.filter((candidate) => schema.isSubType(type, candidate));
    const implied = isUnionType(named) ? named === type : named === type || schema.isSubType(type, named);
    return left.length > 0 ? this.#part(implied && isAbstractType(named) ? named : type, left) : null;
  }

  /** Returns the parent type that allows a part of the object types of an interface or union, or all of them. */
  #part(named: GraphQLAbstractType, possible: readonly GraphQLObjectType[]): Parent {
    const all = this.#shared.schema.getPossibleTypes(named);
    const isWhole = possible.length === all.length && possible.every((type, at) => type === all[at]);
    if (isWhole) return this.#shared.whole(named, true);
    const key = `${named.name} ${possible.map((type) => type.name).join()}`;
    return getOrMake((this.#parts ??= new Map()), key, () => {
      this.#size.grow(bytesOfParent + key.length + bytesOfType * possible.length);
      return new Parent(named, possible, true, false);
    });
  }

  /** Returns the parent type that was found from another one before. */
  #once(from: ParentType, step: string, find: () => Parent | null): Parent | null {
    const steps = getOrMake((this.#found ??= new Map()), from, () => new Map<string, Parent | null>());
    return getOrMake(steps, step, () => {
      this.#size.grow(bytesOfStep);
      return find();
    });
  }
}

/**
 * Estimated sizes, in bytes of heap. `test/auth/plan/estimate.test.ts` measures them on 64-bit V8. They are rounded up.
 */
const bytesOfParent = 700;
const bytesOfType = 16;
const bytesOfStep = 500;
const bytesOfField = 600;
const bytesOfPossibility = 180;
const bytesOfRule = 16;

function bytesOf({ coordinate, rules, possibilities }: ParentField): number {
  let bytes = bytesOfField + coordinate.length + bytesOfRule * rules.length;
  for (const each of possibilities) bytes += bytesOfPossibility + bytesOfRule * each.rules.length;
  return bytes;
}

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
