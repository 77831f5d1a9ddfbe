import {
  type DocumentNode,
  GraphQLError,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { OperationSteps } from './steps.ts';

/** A GraphQL request, as a client sends it (GraphQL over HTTP, "Request Parameters"). */
export interface OperationParameters {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A request whose text was parsed. */
export interface Parsed extends OperationParameters {
  readonly document: DocumentNode;
}

/** A request whose document is valid, with the operation that is to run. */
export interface Valid extends Parsed {
  readonly operation: OperationDefinitionNode;
}

/** The errors of the step that refused an operation. */
export class Refused extends Error {
  readonly faults: readonly GraphQLError[];

  constructor(faults: readonly GraphQLError[]) {
    super('The operation was refused');
    this.faults = faults;
  }
}

/** The step `parse`. @throws Refused */
export function parsed({ parseOptions }: OperationSteps, parameters: OperationParameters): Parsed {
  try {
    return { ...parameters, document: parse(parameters.query, parseOptions) };
  } catch (error) {
    const fault = error instanceof GraphQLError ? error : new GraphQLError('Syntax Error');
    throw new Refused([coded(fault, 'GRAPHQL_PARSE_FAILED')]);
  }
}

/** The steps `limits` and `validate`, and GetOperation (GraphQL §6.1). @throws Refused */
export function validated({ schema, validationRules }: OperationSteps, request: Parsed): Valid {
  const { document, operationName } = request;
  // The rules run in the order of Apollo Server. Therefore the errors are equal on every transport.
  const faults = validate(schema, document, [...specifiedRules, ...validationRules]);
  if (faults.length > 0) throw new Refused(faults.map((fault) => coded(fault, 'GRAPHQL_VALIDATION_FAILED')));
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Refused([noOperation(operationName)]);
  return { ...request, operation };
}

/** Sets the code that Apollo Server sets for this fault. Therefore a client reads the same code on every transport. */
function coded(error: GraphQLError, code: string): GraphQLError {
  error.extensions['code'] ??= code;
  return error;
}

function noOperation(name: string | null | undefined): GraphQLError {
  const message = name
    ? `Unknown operation named "${name}".`
    : 'Must provide operation name if query contains multiple operations.';
  return new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
}
