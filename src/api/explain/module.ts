import type { GraphQLResolveInfo } from 'graphql';
import type { GuardedSchema } from '../../auth/guarded-schema.ts';
import { principalOf } from '../../principal.ts';
import type { QueryExplainOperationArgs, Resolvers } from '../generated.ts';
import type { OwnModule } from '../names/rename.ts';
import { createExplanations } from './explanations.ts';
import { secondExplanation } from '../operation/rules/one-explanation.ts';
import type { OperationPolicy } from '../operation/steps.ts';
import type { ApiContext } from '../request/context.ts';
import { sdl } from '../sdl.ts';

/**
 * Creates the module of `explainOperation`. The callers who may introspect may call it. `null`: introspection is off,
 * so no caller may.
 *
 * @param guarded - returns the schema that has the module. It is called when an operation is explained
 */
export function explainModule(policy: OperationPolicy, guarded: () => GuardedSchema): OwnModule | null {
  if (policy.introspection === 'off') return null;
  const explain = createExplanations(policy, guarded);
  const explained = new WeakSet<ApiContext>();

  function explainOperation(
    _query: unknown,
    { document, operationName, variables }: QueryExplainOperationArgs,
    context: ApiContext,
    info: GraphQLResolveInfo,
  ) {
    // The validation rule finds the selections of the root type only.
    if (explained.has(context)) throw secondExplanation(info.fieldName);
    explained.add(context);
    const request = { query: document, operationName, variables: variables ?? null };
    return explain(request, principalOf(context), info.operation);
  }

  const typeDefs = sdl('explain');
  const resolvers: Resolvers = { Query: { explainOperation } };
  return {
    name: 'claimgate/explain',
    typeDefs: policy.introspection === 'authenticated' ? typeDefs.replace('@public', '@auth') : typeDefs,
    resolvers,
  };
}
