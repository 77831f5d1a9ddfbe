import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

/** The format of RFC 3339 §5.6, for years of four digits. */
const format = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * The scalar `DateTime`. Its value is a `Date` in resolvers, and a text of RFC 3339 in UTC on the wire. Digits after
 * the millisecond are ignored.
 */
export const dateTime: GraphQLScalarType<Date, string> = new GraphQLScalarType({
  name: 'DateTime',
  serialize(value) {
    if (value instanceof Date && format.test(value.toISOString())) return value.toISOString();
    throw new GraphQLError('DateTime cannot represent a value other than a Date of the years 0 to 9999');
  },
  parseValue: (value) => parse(value),
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null, node),
});

function parse(value: unknown, nodes?: ValueNode): Date {
  if (typeof value === 'string' && format.test(value)) {
    const date = new Date(value);
    if (!Number.isNaN(date.getTime())) return date;
  }
  throw new GraphQLError('DateTime cannot represent a value that is not in the format of RFC 3339', nodes && { nodes });
}
