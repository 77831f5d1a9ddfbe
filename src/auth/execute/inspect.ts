import { GraphQLString } from 'graphql';

const prefix = 'String cannot represent a non string value: ';

/**
 * Describes a value as graphql-js does in its messages. graphql-js does not export this function, but the message of
 * `GraphQLString.parseValue` contains its result.
 *
 * @throws the error of a `toJSON` or of a getter of the value, as in graphql-js
 */
export function inspect(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  try {
    GraphQLString.parseValue(value);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith(prefix)) return error.message.slice(prefix.length);
    throw error;
  }
  return String(value);
}
