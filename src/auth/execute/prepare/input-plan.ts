import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInt,
  type GraphQLNamedInputType,
  type GraphQLScalarType,
  GraphQLString,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';

/** Returned for a value that graphql-js must coerce: a faulty value, or a value of another kind. */
export const unusual: unique symbol = Symbol('unusual');

/** Coerces a value, as graphql-js does. The value is neither null nor undefined. It never throws a fault of the value. */
type Coerce = (value: unknown) => unknown;

/** How the values of an input type are coerced. */
export interface InputPlan {
  readonly isNonNull: boolean;
  readonly coerce: Coerce;
}

const scalars: ReadonlyMap<unknown, (value: unknown) => boolean> = new Map<
  GraphQLScalarType,
  (value: unknown) => boolean
>([
  [GraphQLString, (value) => typeof value === 'string'],
  [GraphQLID, (value) => typeof value === 'string'],
  // `| 0` keeps the integers of 32 bits, which are the values of `Int`.
  [GraphQLInt, (value) => typeof value === 'number' && (value | 0) === value],
  [GraphQLFloat, (value) => typeof value === 'number' && Number.isFinite(value)],
  [GraphQLBoolean, (value) => typeof value === 'boolean'],
]);
const parsers = new Map([...scalars.keys()].map((type) => [type, (type as GraphQLScalarType).parseValue]));

/**
 * Makes the function that plans the coercion of input types. Values of the scalars of graphql-js, enums, arrays and
 * input objects are coerced here if they have no fault. All other values are `unusual`, and so are values of custom
 * scalars, because their coercion is an author's code.
 */
export function createInputPlanner(): (type: GraphQLInputType) => InputPlan {
  // One entry for each enum and input object type of the schema.
  const known = new Map<GraphQLNamedInputType, Coerce>();

  function planInput(type: GraphQLInputType): InputPlan {
    if (isNonNullType(type)) return { ...planInput(type.ofType), isNonNull: true };
    return { isNonNull: false, coerce: isListType(type) ? ofList(planInput(type.ofType)) : ofNamed(type) };
  }

  function ofNamed(type: GraphQLNamedInputType): Coerce {
    // An input object can have fields of its own type.
    let coerce = known.get(type);
    if (coerce === undefined) {
      coerce = isInputObjectType(type) ? ofObject(type) : isEnumType(type) ? ofEnum(type) : ofScalar(type);
      known.set(type, coerce);
    }
    return coerce;
  }

  function ofObject(type: GraphQLInputObjectType): Coerce {
    let fields: readonly (InputPlan & { readonly name: string; readonly fallback: unknown })[] | null = null;
    const names = new Set(Object.keys(type.getFields()));
    if (type.isOneOf || names.has('__proto__')) return () => unusual;
    return (value) => {
      fields ??= Object.values(type.getFields()).map((field) => ({
        ...planInput(field.type),
        name: field.name,
        fallback: field.defaultValue,
      }));
      if (typeof value !== 'object' || Array.isArray(value)) return unusual;
      const given = value as Readonly<Record<string, unknown>>;
      const coerced: Record<string, unknown> = {};
      for (const field of fields) {
        const found = given[field.name];
        if (found !== undefined) {
          const member = coerceInput(field, found);
          if (member === unusual) return unusual;
          coerced[field.name] = member;
        } else if (field.fallback !== undefined) {
          coerced[field.name] = field.fallback;
        } else if (field.isNonNull) {
          return unusual;
        }
      }
      for (const name of Object.keys(given)) if (!names.has(name)) return unusual;
      return coerced;
    };
  }

  return planInput;
}

/** Coerces a value, or returns `unusual`. */
export function coerceInput({ isNonNull, coerce }: InputPlan, value: unknown): unknown {
  if (value !== null && value !== undefined) return coerce(value);
  return isNonNull ? unusual : null;
}

function ofScalar(type: GraphQLNamedInputType): Coerce {
  const accepts = scalars.get(type);
  const parse = parsers.get(type);
  if (!accepts) return () => unusual;
  return (value) => ((type as GraphQLScalarType).parseValue === parse && accepts(value) ? value : unusual);
}

function ofEnum(type: GraphQLEnumType): Coerce {
  return (value) => {
    // oxlint-disable-next-line typescript/unbound-method -- the methods are compared, not called
    const isOwn = type.parseValue === GraphQLEnumType.prototype.parseValue;
    const found = isOwn && typeof value === 'string' ? type.getValue(value)?.value : undefined;
    return found === undefined ? unusual : found;
  };
}

function ofList(item: InputPlan): Coerce {
  return (value) => {
    if (!Array.isArray(value)) return unusual;
    const items: unknown[] = [];
    for (const member of value as readonly unknown[]) {
      const coerced = coerceInput(item, member);
      if (coerced === unusual) return unusual;
      items.push(coerced);
    }
    return items;
  };
}
