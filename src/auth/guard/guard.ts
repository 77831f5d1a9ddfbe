import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import { toldError } from '../decide/denial-error.ts';
import { createDenier, type Denier } from './deny.ts';
import { createDenyingOf, type DenyingOf } from './denying-rules.ts';
import type { Enforcement } from './enforcement.ts';
import { createExecutions, type Executions } from './execution.ts';
import { followPaths } from '../plan/selected-fields.ts';
import { createReadOwner } from '../decide/owner.ts';
import type { Plan } from '../plan/plan.ts';
import { createPolicyQuestions } from '../policies/policy-questions.ts';
import { createWatch, type Watch } from './shadow.ts';

export type Resolver = GraphQLFieldResolver<unknown, unknown>;

/** What every part of the guard works with. */
export interface Guard extends Enforcement {
  readonly executions: Executions;
  readonly deny: Denier;
  readonly denyingOf: DenyingOf;
  readonly watch: Watch;
}

/** Makes what the parts of the guard share. */
export function createGuard(enforcement: Enforcement): Guard {
  const executions = createExecutions((info, context) => {
    const root = planned(enforcement, info)?.root ?? { fields: [], fragments: [] };
    const readOwner = createReadOwner(enforcement.resolvers);
    return {
      selected: followPaths(root, info.variableValues),
      answers: { readOwner, questions: createPolicyQuestions(enforcement.policies, context) },
      trialAnswers: { readOwner, questions: createPolicyQuestions(enforcement.trialPolicies, context) },
    };
  });
  const denyingOf = createDenyingOf(enforcement, executions);
  const deny = createDenier(enforcement, executions);
  return { ...enforcement, executions, deny, denyingOf, watch: createWatch(enforcement, executions, denyingOf) };
}

/** The plan of the operation that is executed. Where there can be none, the executor is given the code and the evidence. */
function planned({ plan }: Enforcement, { operation, fragments }: GraphQLResolveInfo): Plan | null {
  try {
    return plan(operation, fragments);
  } catch (error) {
    throw toldError(error);
  }
}
