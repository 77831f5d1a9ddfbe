import {
  buildASTSchema,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  isTypeDefinitionNode,
  Kind,
  type ScalarTypeDefinitionNode,
  specifiedDirectives,
  specifiedScalarTypes,
  validateSchema,
  visit,
} from 'graphql';
import { faultsOf, isStackExhausted, nestedTooDeep } from './fault.ts';
import { validateSdl } from './validate-sdl.ts';
import { type ResolvedDirectiveNames, unknownDirectiveHint } from '../directive-names.ts';

/**
 * Builds the schema of a document.
 *
 * @param faults - a line is added for each fault that GraphQL's validation finds
 * @returns the schema, for further checks, even if the document has faults. `undefined`: no schema could be built
 */
export function buildDocument(
  document: DocumentNode,
  names: ResolvedDirectiveNames,
  faults: string[],
): GraphQLSchema | undefined {
  const invalid = validateSdl(document).map((error) => withHint(error, names, document));
  faults.push(...faultsOf(invalid, document));
  try {
    // A valid document has all its types.
    const schema = buildASTSchema(invalid.length === 0 ? document : completed(document), { assumeValidSDL: true });
    // If the document has faults, this validation would mostly repeat them.
    if (invalid.length === 0) faults.push(...faultsOf(validateSchema(schema), document));
    return schema;
  } catch (error) {
    if (invalid.length === 0) faults.push(buildFault(error, document));
    return undefined;
  }
}

/**
 * Writes the fault for an exception of `buildASTSchema`. A `RangeError` comes from a default value that contains
 * itself, because reading this value exhausts the stack. In a schema without defaults in input types, types are nested
 * too deep.
 */
function buildFault(error: unknown, { definitions }: DocumentNode): string {
  const hasDefault = definitions.some(
    (node) =>
      node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION && node.fields?.some((field) => field.defaultValue !== undefined),
  );
  if (isStackExhausted(error) && !hasDefault) return `schema: ${nestedTooDeep}`;
  if (error instanceof RangeError) {
    return 'schema: could not be built; an input type has a default that holds itself, by the defaults of the fields that it leaves out; take one of these defaults out';
  }
  return error instanceof GraphQLError ? error.message : String(error);
}

/**
 * Adds a hint to the error of an unknown directive. The directive may be misspelled, or Claimgate's directive may have
 * another name in this schema.
 */
function withHint(error: GraphQLError, names: ResolvedDirectiveNames, document: DocumentNode): GraphQLError {
  const [, unknown] = /^Unknown directive "@(\w+)"\.$/.exec(error.message) ?? [];
  const hint = unknown === undefined ? '' : unknownDirectiveHint(unknown, names, directiveNamesIn(document));
  return hint === '' ? error : new GraphQLError(error.message.slice(0, -1) + hint, { nodes: error.nodes ?? [] });
}

/** Returns the directives that a document defines, and the directives that GraphQL defines. */
function directiveNamesIn({ definitions }: DocumentNode): readonly string[] {
  const defined = definitions.filter((node) => node.kind === Kind.DIRECTIVE_DEFINITION);
  return [...defined.map(({ name }) => name.value), ...specifiedDirectives.map(({ name }) => name)];
}

/**
 * Adds a scalar for each missing type. Validation has already reported the missing type, and the other checks can
 * continue.
 */
function completed(document: DocumentNode): DocumentNode {
  const defined = document.definitions.filter(isTypeDefinitionNode).map((definition) => definition.name.value);
  const known = new Set([...defined, ...specifiedScalarTypes.map((type) => type.name)]);
  const missing = new Map<string, ScalarTypeDefinitionNode>();
  visit(document, {
    NamedType({ name }) {
      if (!known.has(name.value)) missing.set(name.value, { kind: Kind.SCALAR_TYPE_DEFINITION, name });
    },
  });
  return missing.size === 0 ? document : { ...document, definitions: [...document.definitions, ...missing.values()] };
}
