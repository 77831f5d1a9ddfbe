import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  getOperationAST,
  type GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
  parse,
  subscribe,
  validate,
} from 'graphql';
import { planCheck } from '../auth/operation-check.ts';
import { repeatsDenial, toExecutionError } from '../auth/decide/denial-error.ts';
import type { GuardedSchema } from '../auth/guarded-schema.ts';
import { ClaimgateError } from '../errors.ts';
import { anonymous, type Principal, principalOf } from '../principal.ts';

/**
 * A guarded schema: the result of `createGuardedSchema` or `createGuardedApi`. With an executable schema alone, an
 * operation is not decided before it runs. Its fields are guarded in the same way.
 */
export type AskedSchema = Pick<GuardedSchema, 'schema' | 'decideOperation'> | GraphQLSchema;

/** The answer to an operation, as a client of a server receives it. */
export interface TestAnswer {
  /** `undefined`: nothing ran. */
  // `any`: the test knows what it has asked for.
  readonly data: any; // oxlint-disable-line typescript/no-explicit-any
  /** One denial of several positions is one error. */
  readonly errors: readonly GraphQLError[];
}

/**
 * Executes an operation for a caller, as a server does: it validates the document, decides whether the operation runs,
 * and executes it. It uses the real resolvers and the real guard.
 *
 * A subscription is answered with its first event, and then ended.
 *
 * @param principal - the caller, from `as`. Default, and `null`: the anonymous caller
 * @param context - further members of the context that the resolvers need. Default: none
 * @returns the answer. A refused operation is an answer without data
 * @throws {Error} if the document cannot be parsed, is not valid or does not have one operation: the test is wrong
 * @throws {TypeError} if another copy of Claimgate, or none, made the principal
 */
export async function ask(
  asked: AskedSchema,
  document: string | DocumentNode,
  variables: Readonly<Record<string, unknown>> = {},
  principal: Principal | null = anonymous,
  context: object = {},
): Promise<TestAnswer> {
  const schema = 'schema' in asked ? asked.schema : asked;
  const contextValue = { ...context, principal: principal ?? anonymous };
  const caller = principalOf(contextValue);
  const parsed = typeof document === 'string' ? parse(document) : document;
  const [fault] = validate(schema, parsed);
  if (fault) throw new Error(`ask: expected a document that is valid for the schema; ${fault.message}`);
  const operation = getOperationAST(parsed);
  if (!operation) throw new Error('ask: expected a document with one operation');
  try {
    if ('decideOperation' in asked) {
      planCheck(asked).check({ document: parsed, variables, principal: caller });
    }
  } catch (error) {
    if (!(error instanceof ClaimgateError)) throw error;
    return answerOf({ errors: [toExecutionError(error) as GraphQLError] }); // A ClaimgateError becomes a GraphQLError.
  }
  const options = { schema, document: parsed, contextValue, variableValues: variables };
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return answerOf(await execute(options));
  const events = await subscribe(options);
  if (!(Symbol.asyncIterator in events)) return answerOf(events);
  try {
    const { value, done } = await events.next();
    return answerOf(done ? { data: null } : value);
  } finally {
    await events.return(undefined);
  }
}

function answerOf({ data, errors = [] }: ExecutionResult): TestAnswer {
  const isRepeated = repeatsDenial();
  return {
    // The objects of the executor have no prototype, so a strict comparison with the objects of a test would fail.
    data: data === undefined ? undefined : JSON.parse(JSON.stringify(data)),
    errors: errors.filter((error) => !isRepeated(error)),
  };
}
