import {
  type DocumentNode,
  GraphQLError,
  isTypeSystemDefinitionNode,
  isTypeSystemExtensionNode,
  Source,
} from 'graphql';
import { faultOfErrors, type Place, ToolFault } from '../report/fault.ts';
import { parseBounded } from '../source/exhaustion.ts';

/** The largest number of tokens in one document. */
const maxTokens = 200_000;

/**
 * Parses a text with operations and fragments. `null`: it has only definitions of a schema, or nothing.
 *
 * @param place - where the text begins
 * @param isEntry - whether the text is a string in a JSON file. Its line breaks are then no lines of the file
 * @throws {ToolFault} with the file and the line
 */
export function parseOperations(text: string, place: Place, isEntry = false): DocumentNode | null {
  const { file, line } = place;
  // A document without a definition is not valid GraphQL. A template can have fragments of other files only.
  if (text.replaceAll(/#[^\n\r]*/g, '').replaceAll(/[\s,\uFEFF]/g, '') === '') return null;
  try {
    const firstLine = isEntry ? 1 : (line ?? 1);
    const source = new Source(text, file, { line: firstLine, column: 1 });
    const document = parseBounded(source, place, { maxTokens });
    const isSchema = document.definitions.every(
      (node) => isTypeSystemDefinitionNode(node) || isTypeSystemExtensionNode(node),
    );
    return isSchema ? null : document;
  } catch (error) {
    if (error instanceof GraphQLError) throw isEntry ? entryFault([error], place) : faultOfErrors([error], file);
    throw error;
  }
}

/** Makes the fault of a document that is a string in a JSON file. It has the line of the entry, and the line in the document. */
export function entryFault(errors: readonly GraphQLError[], place: Place): ToolFault {
  const [error] = errors;
  const [at] = error?.locations ?? [];
  const where = at ? ` (line ${at.line}, column ${at.column} of the document)` : '';
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new ToolFault(place, `${error?.message ?? 'a fault of GraphQL'}${where}${more}`);
}
