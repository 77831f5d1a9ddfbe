import {
  getNullableType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
} from 'graphql';

/**
 * Makes the function that finds how deep a value of a type must be nested. An input with `@oneOf` may have itself as a
 * member: then another member ends the value. Infinite: no value ends.
 */
export function createDepthOf(): (type: GraphQLInputType) => number {
  const known = new Map<string, number>();
  const depthOf = (type: GraphQLInputType): number => {
    const nullable = getNullableType(type);
    return isInputObjectType(nullable) ? (known.get(nullable.name) ?? Number.POSITIVE_INFINITY) : 0;
  };

  function depthOfObject(type: GraphQLInputObjectType): number {
    const fields = Object.values(type.getFields());
    const depths = (type.isOneOf ? fields : fields.filter(isRequiredInputField)).map((field) => depthOf(field.type));
    return 1 + (type.isOneOf ? Math.min(...depths) : Math.max(0, ...depths));
  }

  /** Types that are reached through others get their depth first, until no depth changes. */
  function learn(type: GraphQLInputObjectType): void {
    const types = new Set([type]);
    for (const one of types) {
      for (const field of Object.values(one.getFields())) {
        const inner = getNullableType(field.type);
        if (!isListType(inner) && isInputObjectType(inner)) types.add(inner);
      }
    }
    const inwards = [...types].toReversed();
    for (let isChanged = true; isChanged; ) {
      isChanged = false;
      for (const one of inwards) {
        const depth = depthOfObject(one);
        if (depth === depthOf(one)) continue;
        known.set(one.name, depth);
        isChanged = true;
      }
    }
    for (const one of types) if (!known.has(one.name)) known.set(one.name, Number.POSITIVE_INFINITY);
  }

  return (type) => {
    const nullable = getNullableType(type);
    if (isInputObjectType(nullable) && !known.has(nullable.name)) learn(nullable);
    return depthOf(type);
  };
}
