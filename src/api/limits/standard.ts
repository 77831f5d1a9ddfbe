import { getIntrospectionQuery, type GraphQLSchema, parse } from 'graphql';
import { type ConfiguredLimits, limitKinds, type Limits } from './limits.ts';
import { measure } from './measure.ts';

/**
 * Returns the limits for a schema. If `introspectionCost` is not configured, it is the cost of the standard
 * introspection query on this schema, but at least the default. A configured limit is exact.
 *
 * The limit stays a bound against hostile documents. The answer of one document has at most as many fields as the
 * standard query is counted with. This number is linear in the schema that the operator wrote. The count assumes that
 * every `ofType` of the query is answered, so it is about seven times the real answer of the standard query, and a
 * hostile document can use the whole count. A document that multiplies the lists of the schema costs their product, and
 * exceeds the limit on a large schema too. `introspectionDepth` and `introspectionFields` do not depend on the schema.
 */
export function limitsFor(schema: GraphQLSchema, limits: ConfiguredLimits): Limits {
  const { introspectionCost, ...others } = limits;
  return { ...others, introspectionCost: introspectionCost ?? standardCost(schema) };
}

/** The cost is computed once for each schema. A schema of 10,000 types takes about 10 ms. */
function standardCost(schema: GraphQLSchema): number {
  const { introspectionCost } = measure(standardQuery, { schema }).found;
  return Math.max(limitKinds.introspectionCost.default, introspectionCost);
}

/**
 * The introspection query of graphql-js with all of its options. GraphiQL and Apollo Sandbox send this query with some
 * of the options.
 */
const standardQuery = parse(
  getIntrospectionQuery({
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  }),
);
