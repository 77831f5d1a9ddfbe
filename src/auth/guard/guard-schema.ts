import { defaultFieldResolver, getNamedType, type GraphQLSchema, isAbstractType, isObjectType } from 'graphql';
import { rootTypes } from '../rules/root-types.ts';
import type { Enforcement } from './enforcement.ts';
import { guardField } from './field.ts';
import { createGuard, type Resolver } from './guard.ts';
import { guardOperation } from './operation.ts';
import { guardAbstractTypes, guardForeseen, guardValuesOf } from './value.ts';
import { passageOf, passing } from './results.ts';
import { createDepthGuard } from './selection-depth.ts';

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
      const foreseen = isAbstractType(getNamedType(field.type)) ? guardForeseen(type.name, field, guard) : null;
      const whole = wholeTypes.has(type);
      if (type === schema.getSubscriptionType()) {
        const subscribe = guarded?.(field.subscribe ?? defaultFieldResolver) ?? field.subscribe ?? defaultFieldResolver;
        field.subscribe = boundDepth(guardOperation(subscribe, guard));
      }
      const root = roots.has(type);
      if (!guarded && !passage && !foreseen && !root) continue;
      let resolve: Resolver = field.resolve ?? defaultFieldResolver;
      if (passage) resolve = passing(resolve, passage);
      if (foreseen) resolve = foreseen(resolve);
      if (guarded) resolve = guarded(resolve);
      if (whole) resolve = guardOperation(resolve, guard);
      if (root) resolve = boundDepth(resolve);
      field.resolve = resolve;
    }
  }
  guardAbstractTypes(schema, guard);
}
