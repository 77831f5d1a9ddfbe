import {
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isListType,
  isObjectType,
} from 'graphql';
import { defaultInputDepth } from '../../auth/inputs/limits.ts';
import type { Given } from './given.ts';
import type { Values } from './values.ts';

/** An argument whose value supplies an element of an input. */
export interface InputUse {
  readonly parent: string;
  readonly field: string;
  readonly given: Given;
}

/** One step from an input to what has it: an input field or an argument. */
type Holder =
  | { readonly kind: 'field'; readonly type: string; readonly name: string; readonly of: GraphQLInputType }
  | { readonly kind: 'argument'; readonly parent: string; readonly field: string; readonly argument: GraphQLArgument };

/** Finds the arguments that supply an input type, and makes values with it. */
export interface InputUses {
  /**
   * An argument is found only if it supplies the type within `defaultInputDepth` objects. A server refuses deeper values.
   *
   * @param type - the input object, enum or scalar
   * @param end - makes the value of this type
   * @param most - how many arguments are found
   */
  readonly ofType: (type: string, end: (base: unknown) => unknown, most: number) => readonly InputUse[];
}

/** Makes the function that finds arguments. Fields of root types come first. */
export function createInputUses(schema: GraphQLSchema, values: Values): InputUses {
  const holders = new Map<string, Holder[]>();
  const add = (type: GraphQLInputType, holder: Holder): void => {
    const { name } = getNamedType(type);
    const list = holders.get(name);
    if (list) list.push(holder);
    else holders.set(name, [holder]);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isInputObjectType(type)) {
      for (const { name, type: of } of Object.values(type.getFields()))
        add(of, { kind: 'field', type: type.name, name, of });
    }
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      for (const argument of field.args) {
        add(argument.type, { kind: 'argument', parent: type.name, field: field.name, argument });
      }
    }
  }

  /** Breadth first, so that the shortest chains come first. `wrap` makes the value of the type from the innermost one. */
  function ofType(name: string, end: (base: unknown) => unknown, most: number): readonly InputUse[] {
    const found: InputUse[] = [];
    const seen = new Set([name]);
    const open: {
      readonly type: string;
      /** How many objects are nested in the value of the type. */
      readonly depth: number;
      readonly make: (type: GraphQLInputType, coordinate: string) => unknown;
    }[] = [
      {
        type: name,
        depth: isInputObjectType(schema.getType(name)) ? 1 : 0,
        make: (type, coordinate) => listed(type, end(values.of(named(type), coordinate))),
      },
    ];
    for (const { type, depth, make } of open) {
      for (const holder of holders.get(type) ?? []) {
        if (found.length >= most) return found;
        if (holder.kind === 'argument') {
          const { parent, field, argument } = holder;
          const value = make(argument.type, `${parent}.${field}(${argument.name}:)`);
          found.push({ parent, field, given: { name: argument.name, type: argument.type, value } });
        } else if (!seen.has(holder.type) && depth < defaultInputDepth) {
          seen.add(holder.type);
          open.push({
            type: holder.type,
            depth: depth + 1,
            make: (outer, coordinate) => {
              const member = make(holder.of, `${holder.type}.${holder.name}`);
              const base = values.of(named(outer), coordinate) as Readonly<Record<string, unknown>>;
              return listed(outer, { ...withoutOneOf(schema, holder.type, base), [holder.name]: member });
            },
          });
        }
      }
    }
    return found;
  }
  return { ofType };
}

/** Returns the members to keep beside another one. An input with `@oneOf` has one member only. */
function withoutOneOf(schema: GraphQLSchema, name: string, base: Readonly<Record<string, unknown>>) {
  const type = schema.getType(name);
  return isInputObjectType(type) && type.isOneOf ? {} : base;
}

function named(type: GraphQLInputType): GraphQLInputType {
  return getNamedType(type);
}

/** Puts a value into as many lists as its type has. */
function listed(type: GraphQLInputType, value: unknown): unknown {
  const nullable = getNullableType(type);
  return isListType(nullable) ? [listed(nullable.ofType, value)] : value;
}
