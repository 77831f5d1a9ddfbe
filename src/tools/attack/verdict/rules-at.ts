import {
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { rootTypes } from '../../../auth/rules/root-types.ts';
import type { Rule } from '../../../auth/rules/rule.ts';

/**
 * The ENFORCE rules that hold at each place of a schema. It is written apart from the table that the engine compiles, so
 * that a fault in that table is found.
 */
export interface RulesAt {
  /** The rules of an object type, an interface or a union, and of its interfaces. */
  readonly ofType: (name: string) => readonly Rule[];
  /** The rules of the field itself: its own, of the fields of interfaces, of a root type, and of a returned scalar or enum. */
  readonly ofField: (type: string, field: string) => readonly Rule[];
  /** The rules that hold for each value of the field, of each possible type. */
  readonly ofValue: (type: string, field: string) => readonly Rule[];
  readonly ofArgument: (type: string, field: string, argument: string) => readonly Rule[];
  /** The rules that an element carries itself. */
  readonly ofElement: (coordinate: string) => readonly Rule[];
}

const none: readonly Rule[] = [];

/** Finds the rules at each place of a schema. */
export function rulesAt(schema: GraphQLSchema, rules: readonly Rule[]): RulesAt {
  const carried = Map.groupBy(
    rules.filter(({ mode }) => mode === 'ENFORCE'),
    ({ coordinate }) => coordinate,
  );
  const roots = new Set(rootTypes(schema).map(({ name }) => name));
  const ofElement = (coordinate: string): readonly Rule[] => carried.get(coordinate) ?? none;

  function holdersOf(name: string): readonly string[] {
    const type = schema.getType(name);
    return isObjectType(type) || isInterfaceType(type)
      ? [name, ...type.getInterfaces().map((parent) => parent.name)]
      : [name];
  }
  const ofType = remembered((name) => distinct(holdersOf(name).flatMap(ofElement)));

  function returned(type: string, field: string): GraphQLNamedType | undefined {
    const holder = schema.getType(type);
    const found = isObjectType(holder) || isInterfaceType(holder) ? holder.getFields()[field] : undefined;
    return found && getNamedType(found.type);
  }

  const ofField = remembered((type, field) => {
    const value = returned(type, field);
    return distinct([
      ...holdersOf(type).flatMap((holder) => ofElement(`${holder}.${field}`)),
      ...(roots.has(type) ? ofType(type) : none),
      ...(value && !isCompositeType(value) ? ofElement(value.name) : none),
    ]);
  });
  const ofValue = remembered((type, field) =>
    distinct(
      holdersOf(type).flatMap((holder) => {
        const value = returned(holder, field);
        if (!value || !isCompositeType(value)) return none;
        return isUnionType(value) ? ofElement(value.name) : ofType(value.name);
      }),
    ),
  );
  return {
    ofElement,
    ofType,
    ofField,
    ofValue,
    ofArgument: (type, field, argument) =>
      distinct(holdersOf(type).flatMap((holder) => ofElement(`${holder}.${field}(${argument}:)`))),
  };
}

function distinct(rules: readonly Rule[]): readonly Rule[] {
  return rules.length === 0 ? none : [...new Set(rules)];
}

function remembered(find: (type: string, field: string) => readonly Rule[]) {
  const known = new Map<string, readonly Rule[]>();
  return (type: string, field: string = ''): readonly Rule[] => {
    const key = `${type}.${field}`;
    let found = known.get(key);
    if (!found) known.set(key, (found = find(type, field)));
    return found;
  };
}
