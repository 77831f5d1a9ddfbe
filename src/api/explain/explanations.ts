import { GraphQLError, getOperationAST, type OperationDefinitionNode, OperationTypeNode, TokenKind } from 'graphql';
import type { OperationExplanation, OperationFault } from '../../auth/explain/explanation.ts';
import type { GuardedSchema } from '../../auth/guarded-schema.ts';
import { ClaimgateError, type ErrorCode } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import { parseStrictObject } from '../../protocol/strict-json.ts';
import { formatErrorFor } from '../operation/errors/format-error.ts';
import { type OperationPolicy, operationSteps } from '../operation/steps.ts';
import { parsed, Refused, validated } from '../operation/valid-operation.ts';

/** An operation to explain, as a client sends it. */
interface ExplainRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  /** A JSON object. `null`: no variables. */
  readonly variables: string | null;
}

/**
 * Explains an operation. A fault of its document or of its variables is part of the explanation.
 *
 * @param around - the operation that asks. Its tokens and the tokens of the document together must not exceed the limit
 */
export type Explain = (
  request: ExplainRequest,
  principal: Principal,
  around: OperationDefinitionNode,
) => OperationExplanation;

/**
 * Makes the function that explains operations. The document passes the same steps as a document that is executed, except
 * that a subscription passes them as in a stream. It is not stored.
 *
 * @param guarded - returns the schema. It is called when an operation is explained
 */
export function createExplanations(policy: OperationPolicy, guarded: () => GuardedSchema): Explain {
  const { limits } = policy;
  const formatError = formatErrorFor(policy);
  const maxDepth = 2 * limits.inputDepth + 1; // `inputDepth` counts a list in an object together with the object.

  function faultsOf(error: unknown): readonly OperationFault[] {
    if (!(error instanceof Refused || error instanceof ClaimgateError)) throw error;
    return (error instanceof Refused ? error.faults : [error]).map((fault) => {
      const written = fault instanceof GraphQLError ? fault.toJSON() : { message: fault.message };
      const { message, locations, extensions } = formatError(written, fault);
      const [{ line, column } = { line: null, column: null }] = locations ?? [];
      return { message, code: String(extensions?.['code']), line, column };
    });
  }

  return ({ query, operationName: name, variables: text }, principal, around) => {
    const operationName = name || null;
    const api = guarded();
    // The rules of `@auth` are not a fault. The explanation has their decision.
    const executable = { schema: api.schema, decideOperation: () => ({ kind: 'run' }) as const };
    const single = operationSteps('single', policy, executable);
    const variables = variablesOf(text, maxDepth);
    const faults = variables ? [] : [variablesFault(maxDepth)];
    try {
      const parseOptions = { ...single.parseOptions, maxTokens: Math.max(0, limits.tokens - tokensOf(around)) };
      const request = parsed({ ...single, parseOptions }, { query, operationName });
      const isStream = getOperationAST(request.document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION;
      const steps = isStream ? operationSteps('stream', policy, executable) : single;
      const { document } = validated(steps, request);
      if (!variables) return refused(faults);
      const operation = { document, operationName, variables, principal };
      for (const { check } of steps.checks) check(operation);
      return api.explainOperation(operation);
    } catch (error) {
      return refused([...faultsOf(error), ...faults]);
    }
  };
}

/** Explains an operation that has faults. Its elements are not known. */
function refused(faults: readonly OperationFault[]): OperationExplanation {
  return {
    operationName: null,
    outcome: 'REFUSED',
    code: faults[0]?.code ?? null,
    faults,
    elements: [],
    elementsCapped: false,
    leastScopes: [[]],
    leastScopesCapped: false,
    missing: null,
  };
}

/** Parses the variables. `undefined`: they are not a JSON object of the accepted form. */
function variablesOf(text: string | null, maxDepth: number): Readonly<Record<string, unknown>> | undefined {
  if (text === null) return {};
  try {
    return parseStrictObject(new TextEncoder().encode(text), maxDepth);
  } catch {
    return undefined;
  }
}

// The message repeats nothing of the text, because a variable can be a secret.
function variablesFault(maxDepth: number): OperationFault {
  const message = `variables: expected a JSON object in a string, such as { "id": 1 }, without two members of one name, and at most ${maxDepth} levels deep.`;
  return { message, code: 'BAD_USER_INPUT' satisfies ErrorCode, line: null, column: null };
}

/** Counts the tokens of the document that has an operation, like the parser. */
function tokensOf({ loc }: OperationDefinitionNode): number {
  let first = loc?.startToken;
  while (first?.prev) first = first.prev;
  let count = 0;
  for (let token = first; token; token = token.next ?? undefined) if (!uncounted.has(token.kind)) count += 1;
  return count;
}

const uncounted: ReadonlySet<TokenKind> = new Set([TokenKind.SOF, TokenKind.EOF, TokenKind.COMMENT]);
