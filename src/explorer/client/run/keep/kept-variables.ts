import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  Kind,
  parse,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { isSecretName, looksLikeCredential } from './credentials.ts';
import { isObject } from '../answers/path.ts';

export interface KeptVariables {
  /** The variables without the secret ones. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The names of the variables that were left out. */
  readonly omitted: readonly string[];
}

/** What decides whether a variable may leave the memory of the page. */
export interface Secrecy {
  /** The schema, or null while it is not loaded. */
  readonly schema: GraphQLSchema | null;
  /** Whether an argument or input field has `@sensitive`. Coordinates: `Type.field(argument:)` and `Input.field`. */
  readonly isSensitive: (coordinate: string) => boolean;
  /** The names of the arguments and input fields with `@sensitive`. Null: not known. */
  readonly sensitiveNames: ReadonlySet<string> | null;
  /** Parses the text of variables. Default: as JSON. The editor also accepts comments. @throws if it cannot */
  readonly parse?: (text: string) => unknown;
}

/** How deep variables are searched. A deeper value is treated as secret. */
const maxDepth = 20;

/**
 * Leaves out the variables that may be secret: those that reach an input with `@sensitive`, those whose name is usually
 * the name of a secret, and those whose value looks like a credential. If the document cannot be judged, all variables
 * are left out.
 */
export function keptVariables(document: string, values: unknown, secrecy: Secrecy): KeptVariables {
  if (!isObject(values)) return { variables: {}, omitted: [] };
  const names = Object.keys(values);
  if (names.length === 0) return { variables: {}, omitted: [] };
  const { schema } = secrecy;
  const judged = parsed(document);
  if (!schema || !judged) return { variables: {}, omitted: names };
  const secret = secretVariables(judged, schema, secrecy.isSensitive);
  const kept = Object.entries(values).filter(([name, value]) => {
    if (secret.has(name) || isSecretName(name)) return false;
    return !holdsSecret(value, types(judged, schema, name), secrecy, 0);
  });
  const keptNames = new Set(kept.map(([name]) => name));
  return { variables: Object.fromEntries(kept), omitted: names.filter((name) => !keptNames.has(name)) };
}

/** Returns the variables that reach a sensitive input. Null: the document cannot be judged. */
export function secretVariablesOf(document: string, { schema, isSensitive }: Secrecy): ReadonlySet<string> | null {
  const judged = schema && parsed(document);
  return schema && judged ? secretVariables(judged, schema, isSensitive) : null;
}

function parsed(document: string): DocumentNode | null {
  try {
    return parse(document, { noLocation: true, maxTokens: 20_000 });
  } catch {
    return null;
  }
}

/** Finds the variables that the document passes to a sensitive argument or input field. */
function secretVariables(
  document: DocumentNode,
  schema: GraphQLSchema,
  isSensitive: Secrecy['isSensitive'],
): ReadonlySet<string> {
  const secret = new Set<string>();
  const info = new TypeInfo(schema);
  /** The number of sensitive elements around the present node. */
  let depth = 0;
  const inSensitive: boolean[] = [];
  const enter = (coordinate: string | null) => {
    // An element that the schema does not have cannot be judged, so it counts as sensitive.
    const sensitive = coordinate === null || isSensitive(coordinate);
    inSensitive.push(sensitive);
    if (sensitive) depth += 1;
  };
  const leave = () => {
    if (inSensitive.pop()) depth -= 1;
  };
  visit(
    document,
    visitWithTypeInfo(info, {
      Directive: () => false,
      VariableDefinition: () => false,
      Argument: {
        enter: ({ name }) => {
          const parent = info.getParentType()?.name;
          const field = info.getFieldDef()?.name;
          enter(parent && field && info.getArgument() ? `${parent}.${field}(${name.value}:)` : null);
        },
        leave,
      },
      ObjectField: {
        enter: ({ name }) => {
          const parent = getNamedType(info.getParentInputType());
          enter(isInputObjectType(parent) && info.getInputType() ? `${parent.name}.${name.value}` : null);
        },
        leave,
      },
      Variable: ({ name }) => {
        if (depth > 0) secret.add(name.value);
      },
    }),
  );
  return secret;
}

/** Returns the types of a variable in all operations of the document. */
function types(document: DocumentNode, schema: GraphQLSchema, name: string): readonly GraphQLInputType[] {
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    return (definition.variableDefinitions ?? []).flatMap(({ variable, type }) => {
      if (variable.name.value !== name) return [];
      const found = typeFromAST(schema, type) as GraphQLInputType | undefined;
      return found ? [found] : [];
    });
  });
}

function holdsSecret(value: unknown, types: readonly GraphQLInputType[], secrecy: Secrecy, depth: number): boolean {
  if (depth > maxDepth) return true;
  if (typeof value === 'string') return looksLikeCredential(value);
  if (Array.isArray(value)) return value.some((item) => holdsSecret(item, types, secrecy, depth + 1));
  if (!isObject(value)) return false;
  const inputs = types.map((type) => getNamedType(type)).filter(isInputObjectType);
  return Object.entries(value).some(([name, item]) => {
    if (isSecretName(name) || looksLikeCredential(name)) return true;
    if (inputs.some((input) => secrecy.isSensitive(`${input.name}.${name}`))) return true;
    const inner = inputs.flatMap((input) => {
      const field = input.getFields()[name];
      return field ? [field.type] : [];
    });
    return holdsSecret(item, inner, secrecy, depth + 1);
  });
}
