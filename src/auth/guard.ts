import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import { rootTypes } from './closed.ts';
import { toldError } from './denial.ts';
import { createDenier, type Denier } from './deny.ts';
import { createDenyingOf, type DenyingOf } from './depend.ts';
import type { Enforcement } from './enforcement.ts';
import { createExecutions, type Executions, followPaths } from './execution.ts';
import { guardField } from './guard-field.ts';
import { guardOperation } from './guard-operation.ts';
import { guardAbstractTypes, guardValuesOf } from './guard-value.ts';
import { createReadOwner } from './owner.ts';
import { passageOf, passing } from './passage.ts';
import type { Plan } from './plan.ts';
import { createPolicyQuestions } from './policy.ts';
import { createDepthGuard } from './selection-depth.ts';
import { createWatch, type Watch } from './shadow.ts';

export type Resolver = GraphQLFieldResolver<unknown, unknown>;

/** What every part of the guard works with. */
export interface Guard extends Enforcement {
  readonly executions: Executions;
  readonly deny: Denier;
  readonly denyingOf: DenyingOf;
  readonly watch: Watch;
}

/**
 * Puts the guard into a schema: from now on every way of executing it is guarded. It changes the schema in place, which must
 * be nobody else's yet, and leaves alone what carries no rule, returns no list and is no root field. Lists are given to the executor as items, so that
 * no rejection that the executor drops ends the process. Of an operation that is too deep for that no root field is resolved.
 *
 * Where the caller alone decides it is synchronous and makes no promise of its own. Whatever throws in it denies.
 */
export function guardSchema(schema: GraphQLSchema, enforcement: Enforcement): void {
  const guard = createGuard(enforcement);
  const boundDepth = createDepthGuard();
  const roots = new Set(rootTypes(schema));
  const wholeTypes = new Set([schema.getMutationType(), schema.getSubscriptionType()]);
  if (guard.strict) wholeTypes.add(schema.getQueryType());
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || !isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const guarded = guardField(type.name, field, guard);
      const passage = passageOf(field.type, guardValuesOf(type.name, field, guard));
      const whole = wholeTypes.has(type);
      if (type === schema.getSubscriptionType()) {
        const subscribe = guarded?.(field.subscribe ?? defaultFieldResolver) ?? field.subscribe ?? defaultFieldResolver;
        field.subscribe = boundDepth(guardOperation(subscribe, guard));
      }
      const root = roots.has(type);
      if (!guarded && !passage && !root) continue;
      let resolve: Resolver = field.resolve ?? defaultFieldResolver;
      if (passage) resolve = passing(resolve, passage);
      if (guarded) resolve = guarded(resolve);
      if (whole) resolve = guardOperation(resolve, guard);
      if (root) resolve = boundDepth(resolve);
      field.resolve = resolve;
    }
  }
  guardAbstractTypes(schema, guard);
}

function createGuard(enforcement: Enforcement): Guard {
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
