import { defaultFieldResolver, getNamedType, type GraphQLSchema, isAbstractType, isObjectType } from 'graphql';
import { markGuarded } from '../guarded-mark.ts';
import { rootTypes } from '../rules/root-types.ts';
import { storeDirectField } from '../execute/prepare/direct-field.ts';
import type { Enforcement } from './enforcement.ts';
import { guardField } from './field.ts';
import { createGuard, type Resolver } from './guard.ts';
import { guardOperation } from './operation.ts';
import { guardAbstractTypes, guardForeseenTypes, guardValuesOf } from './value.ts';
import { resultStepOf, withResultStep } from './results.ts';
import { createDepthGuard } from './selection-depth.ts';

/**
 * Puts the guard into a schema. It changes the schema in place. No other code may use the schema before this function
 * returns.
 *
 * It wraps root fields, fields that have a rule, fields that return a list and, with the option `typeOf`, fields that
 * return an interface or a union. The items of lists are wrapped too, because a dropped rejection would end the
 * process. If an operation is too deep for this protection, none of its root fields is resolved.
 *
 * Rules that depend only on the caller are decided without a promise. An exception in the guard denies.
 */
export function guardSchema(schema: GraphQLSchema, enforcement: Enforcement): void {
  const guard = createGuard(enforcement);
  const boundDepth = createDepthGuard();
  const roots = new Set(rootTypes(schema));
  // An operation of these types does not begin if a part of it is denied before it runs.
  const atomicTypes = new Set([schema.getMutationType(), schema.getSubscriptionType()]);
  if (guard.strict) atomicTypes.add(schema.getQueryType());
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || !isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const guarded = guardField(type.name, field, guard);
      const resultStep = resultStepOf(field.type, guardValuesOf(type.name, field, guard));
      const foreseen = isAbstractType(getNamedType(field.type)) ? guardForeseenTypes(type.name, field, guard) : null;
      if (type === schema.getSubscriptionType()) {
        const subscribe = guarded?.(field.subscribe ?? defaultFieldResolver) ?? field.subscribe ?? defaultFieldResolver;
        field.subscribe = boundDepth(guardOperation(subscribe, guard));
      }
      const root = roots.has(type);
      if (!guarded && !resultStep && !foreseen && !root) continue;
      let resolve: Resolver = field.resolve ?? defaultFieldResolver;
      if (resultStep) resolve = withResultStep(resolve, resultStep);
      if (foreseen) resolve = foreseen(resolve);
      if (guarded) resolve = guarded(resolve);
      if (atomicTypes.has(type)) resolve = guardOperation(resolve, guard);
      if (root) {
        resolve = boundDepth(resolve);
        markGuarded(resolve);
      }
      // The depth of the operation is bound by each executor that uses this.
      if (!foreseen && !atomicTypes.has(type)) storeDirectField(type.name, field, resolve, resultStep, guard);
      field.resolve = resolve;
    }
  }
  guardAbstractTypes(schema, guard);
}
