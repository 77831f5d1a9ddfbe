import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  getArgumentValues,
  isEnumType,
  isNonNullType,
  isScalarType,
  specifiedScalarTypes,
  Kind,
  type ValueNode,
  valueFromAST,
} from 'graphql';
import type { ArgumentsPlan } from './query-plan.ts';

/** One argument: a value that is the same for each call, or a variable. */
type Prepared =
  | { readonly kind: 'constant'; readonly name: string; readonly value: unknown }
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly variable: string;
      readonly nonNull: boolean;
      /** `undefined`: no default. */
      readonly fallback: unknown;
    };

const noArguments: ArgumentsPlan = { isConstant: true, isEmpty: true, make: () => ({}) };

/** Prepares the arguments of a field to which a document gives none. `null`: graphql-js coerces them at each call. */
export function planAbsentArguments(field: GraphQLField<unknown, unknown>): ArgumentsPlan | null {
  if (field.args.length === 0) return noArguments;
  const prepared = prepareAll(field, undefined);
  return prepared && constantsOf(prepared);
}

/**
 * Prepares the arguments of a field. Literals of the scalars of graphql-js and of enums are coerced once. Any other
 * literal is coerced by graphql-js at each call, because its coercion can run an author's code or make an object.
 */
export function planArguments(field: GraphQLField<unknown, unknown>, node: FieldNode): ArgumentsPlan {
  const prepared = prepareAll(field, node.arguments);
  if (prepared === null) {
    return { isConstant: false, isEmpty: false, make: (variables) => getArgumentValues(field, node, variables) };
  }
  if (prepared.every(({ kind }) => kind === 'constant')) return constantsOf(prepared);
  return {
    isConstant: false,
    isEmpty: false,
    make(variables) {
      const values: Record<string, unknown> = {};
      for (const each of prepared) {
        if (each.kind === 'constant') {
          values[each.name] = each.value;
        } else if (Object.hasOwn(variables, each.variable)) {
          const value = variables[each.variable];
          if (value === undefined || (value === null && each.nonNull)) return getArgumentValues(field, node, variables);
          values[each.name] = value;
        } else if (each.fallback !== undefined) {
          values[each.name] = each.fallback;
        } else if (each.nonNull) {
          return getArgumentValues(field, node, variables);
        }
      }
      return values;
    },
  };
}

/** Returns the plan of arguments that are the same for each call. */
function constantsOf(prepared: readonly Prepared[]): ArgumentsPlan {
  const constants = Object.fromEntries(
    prepared.flatMap((each) => (each.kind === 'constant' ? [[each.name, each.value]] : [])),
  );
  return { isConstant: true, isEmpty: false, make: () => ({ ...constants }) };
}

/** Prepares each argument of a field. `null`: graphql-js coerces them. */
function prepareAll(field: GraphQLField<unknown, unknown>, given: FieldNode['arguments']): readonly Prepared[] | null {
  const prepared: Prepared[] = [];
  for (const argument of field.args) {
    const found = prepare(argument, given?.findLast(({ name }) => name.value === argument.name)?.value);
    if (found === 'coerced by graphql-js') return null;
    if (found) prepared.push(found);
  }
  return prepared.slice(); // The copy has no room for further members.
}

/** Prepares one argument. `null`: the argument is absent. */
function prepare(
  { name, type, defaultValue }: GraphQLArgument,
  value: ValueNode | undefined,
): Prepared | 'coerced by graphql-js' | null {
  const nonNull = isNonNullType(type);
  if (name === '__proto__') return 'coerced by graphql-js';
  if (!value) {
    if (defaultValue !== undefined) return { kind: 'constant', name, value: defaultValue };
    return nonNull ? 'coerced by graphql-js' : null;
  }
  if (value.kind === Kind.VARIABLE) {
    return { kind: 'variable', name, variable: value.name.value, nonNull, fallback: defaultValue };
  }
  const nullable = nonNull ? type.ofType : type;
  const isKnown = isEnumType(nullable) || (isScalarType(nullable) && specifiedScalarTypes.includes(nullable));
  const coerced = isKnown || value.kind === Kind.NULL ? valueFromAST(value, type) : undefined;
  return coerced === undefined ? 'coerced by graphql-js' : { kind: 'constant', name, value: coerced };
}
