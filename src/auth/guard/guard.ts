import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import { toExecutionError } from '../decide/denial-error.ts';
import { createDenier, type Denier } from './deny.ts';
import { createDenyingOf, type DenyingOf } from './denying-rules.ts';
import type { Enforcement } from './enforcement.ts';
import { createExecutions, type Executions } from './execution.ts';
import { followPaths } from '../plan/selected-fields.ts';
import { createReadOwner } from '../decide/owner.ts';
import type { Plan } from '../plan/plan.ts';
import { createPolicyQuestions } from '../policies/policy-questions.ts';
import { createShadowReporter, type ReportShadow } from './shadow.ts';

/** A resolver of graphql-js. */
export type Resolver = GraphQLFieldResolver<unknown, unknown>;

/** The functions that the files of the guard share. */
export interface Guard extends Enforcement {
  readonly executions: Executions;
  readonly deny: Denier;
  readonly denyingOf: DenyingOf;
  readonly reportShadow: ReportShadow;
}

/** Makes the functions that the files of the guard share. */
export function createGuard(enforcement: Enforcement): Guard {
  const executions = createExecutions((info, context) => {
    const root = planned(enforcement, info)?.root ?? { fields: [], fragments: [] };
    const readOwner = createReadOwner(enforcement.resolvers);
    return {
      selected: followPaths(root, info.variableValues),
      answers: { readOwner, questions: createPolicyQuestions(enforcement.policies, context) },
      shadowAnswers: { readOwner, questions: createPolicyQuestions(enforcement.shadowPolicies, context) },
    };
  });
  const denyingOf = createDenyingOf(enforcement, executions);
  const deny = createDenier(enforcement, executions);
  return {
    ...enforcement,
    executions,
    deny,
    denyingOf,
    reportShadow: createShadowReporter(enforcement, executions, denyingOf),
  };
}

/** Plans the operation of an execution. An error is converted for the executor. */
function planned({ plan }: Enforcement, { operation, fragments }: GraphQLResolveInfo): Plan | null {
  try {
    return plan(operation, fragments);
  } catch (error) {
    throw toExecutionError(error);
  }
}
