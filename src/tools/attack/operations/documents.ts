import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';

/** Makes the function that parses and validates an operation. A text is the reason why it is not valid. */
export function validDocuments(schema: GraphQLSchema) {
  let last: { readonly text: string; readonly document: DocumentNode | string } | null = null;
  return (text: string): DocumentNode | string => {
    if (last?.text !== text) last = { text, document: validDocument(schema, text) };
    return last.document;
  };
}

function validDocument(schema: GraphQLSchema, text: string): DocumentNode | string {
  try {
    const document = parse(text);
    const [fault] = validate(schema, document, undefined, { maxErrors: 1 });
    return fault
      ? `no valid operation can be written for it: ${fault.message}; give an example of its arguments`
      : document;
  } catch (error) {
    if (error instanceof GraphQLError || error instanceof RangeError) return error.message;
    throw error;
  }
}

/** Writes variables as JSON. Variables that are too deep for it are named only. */
export function shortJson(variables: Readonly<Record<string, unknown>>): string {
  try {
    const text = JSON.stringify(variables);
    return text.length > 2_000 ? `${text.slice(0, 2_000)}…` : text;
  } catch {
    return `{ ${Object.keys(variables).join(', ')}: nested deep }`;
  }
}
