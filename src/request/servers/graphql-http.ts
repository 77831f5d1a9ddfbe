import { execute, type ExecutionArgs, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { checkOptions } from '../../protocol/options/check-options.ts';
import { withFunctions } from '../../protocol/options/kinds.ts';
import type { PrincipalContext } from '../context.ts';
import type { GuardedApi } from '../guarded-api.ts';
import { httpAnswer } from '../http-answer.ts';
import { innerRequest } from '../incoming-request.ts';
import { withoutRepeats } from '../repeated-denials.ts';

const checkApi = withFunctions('the result of createGuardedApi', 'context', 'check');

/** An answer of graphql-http: the body, and the status and headers. */
export type GraphqlHttpResponse = readonly [
  body: string,
  init: { readonly status: number; readonly statusText: string; readonly headers: Record<string, string> },
];

/** The options of graphql-http's `createHandler`. */
export interface GraphqlHttpOptions {
  readonly schema: GraphQLSchema;
  readonly context: (request: {
    readonly raw: unknown;
  }) => Promise<(PrincipalContext & Record<PropertyKey, unknown>) | GraphqlHttpResponse>;
  readonly execute: (args: ExecutionArgs) => Promise<ExecutionResult>;
  readonly onOperation: (
    request: unknown,
    args: unknown,
    result: ExecutionResult,
  ) => ExecutionResult | GraphqlHttpResponse | undefined;
}

/**
 * Makes the options for the `createHandler` of graphql-http. With them, the handler makes the context of each request,
 * decides each operation before it runs, answers refusals with their status and headers, and removes repeated denials.
 *
 * If you set one of these options yourself, call the function of these options in yours.
 *
 * @param api - the result of `createGuardedApi`
 * @throws StartError if `api` is another value
 */
export function graphqlHttpOptions(api: Pick<GuardedApi, 'schema' | 'context' | 'check'>): GraphqlHttpOptions {
  checkOptions('graphqlHttpOptions', api, checkApi);
  const refusals = new WeakMap<ExecutionResult, GraphqlHttpResponse>();
  return {
    schema: api.schema,
    async context({ raw }) {
      try {
        return { ...(await api.context(innerRequest(raw))) };
      } catch (error) {
        return responseOf(error);
      }
    },
    async execute(args) {
      try {
        api.check({ ...args, contextValue: args.contextValue });
      } catch (error) {
        const result = {};
        refusals.set(result, responseOf(error));
        return result;
      }
      return execute(args);
    },
    onOperation(_request, _args, result) {
      const refusal = refusals.get(result);
      if (refusal || !result.errors) return refusal;
      return { ...result, errors: withoutRepeats(result.errors) };
    },
  };
}

/** Returns the answer of a refusal. @throws the error, if it is not a refusal */
function responseOf(error: unknown): GraphqlHttpResponse {
  const answer = httpAnswer(error);
  if (!answer) throw error;
  const headers = { ...answer.headers, 'content-type': 'application/json; charset=utf-8' };
  return [JSON.stringify(answer.body), { status: answer.status, statusText: '', headers }];
}
