import {
  type GraphQLNamedInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
} from 'graphql';

/**
 * Finds the input types whose values can supply an input with a rule. Such a type carries a rule itself, a field or an
 * enum value of it carries one, or a field has such a type.
 *
 * The work is linear in the fields of the schema's input types. It does not recurse, because input types can be nested
 * thousands of levels deep.
 *
 * @param carries - whether a type, or its field or enum value `member`, carries a rule
 */
export function ruledInputTypes(
  schema: GraphQLSchema,
  carries: (type: string, member?: string) => boolean,
): ReadonlySet<GraphQLNamedInputType> {
  const ruled = new Set<GraphQLNamedInputType>();
  const containers = new Map<string, GraphQLNamedInputType[]>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isInputObjectType(type) && !isLeafType(type)) continue;
    const fields = isInputObjectType(type) ? Object.values(type.getFields()) : [];
    const members = isEnumType(type) ? type.getValues() : fields;
    if (carries(type.name) || members.some(({ name }) => carries(type.name, name))) ruled.add(type);
    for (const field of fields) {
      const { name } = getNamedType(field.type);
      const known = containers.get(name);
      if (known) known.push(type);
      else containers.set(name, [type]);
    }
  }
  // The set grows during the loop. No type is visited twice.
  for (const { name } of ruled) for (const container of containers.get(name) ?? []) ruled.add(container);
  return ruled;
}
