import {
  defaultFieldResolver,
  defaultTypeResolver,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { principalOf } from '../principal.ts';
import { createDenier } from './deny.ts';
import type { RuleIds } from './elements.ts';
import type { Enforcement } from './enforcement.ts';

/**
 * Puts the guard into a schema: from now on every way of executing it is guarded. It changes the schema in place, which must
 * be nobody else's yet, and leaves alone what carries no rule.
 *
 * It is synchronous and makes no promise of its own. Whatever throws in it denies.
 */
export function guardSchema(schema: GraphQLSchema, enforcement: Enforcement): void {
  const { elements, decide } = enforcement;
  const deny = createDenier(enforcement);
  const mutation = schema.getMutationType();
  const subscription = schema.getSubscriptionType();

  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isObjectType(type)) {
      const whole = type === mutation || type === subscription;
      for (const field of Object.values(type.getFields())) {
        const rules = elements.fieldRules(type.name, field.name);
        if (whole) guardOperation(field, rules, type === subscription);
        else if (rules.length > 0) guardField(field, rules);
      }
    } else if (isAbstractType(type)) {
      const ruled = schema.getPossibleTypes(type).some(({ name }) => elements.typeRules(name).length > 0);
      if (ruled) guardType(type);
    }
  }

  function guardField(field: GraphQLField<unknown, unknown>, rules: RuleIds): void {
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = (source, args, context, info) => {
      const principal = principalOf(context);
      if (decide(rules, principal) !== 'allow') return deny.field(info, context, principal);
      return resolve(source, args, context, info);
    };
  }

  /** The first root field that is entered decides the whole operation, so that nothing has happened when it is refused. */
  function guardOperation(field: GraphQLField<unknown, unknown>, rules: RuleIds, stream: boolean): void {
    const guarded =
      (resolve: GraphQLFieldResolver<unknown, unknown>): GraphQLFieldResolver<unknown, unknown> =>
      (source, args, context, info) => {
        const principal = principalOf(context);
        const verdict = deny.judge(info, context, principal);
        if (verdict.kind === 'refuse') return deny.operation(verdict, info, context);
        if (decide(rules, principal) !== 'allow') return deny.field(info, context, principal);
        return resolve(source, args, context, info);
      };
    field.resolve = guarded(field.resolve ?? defaultFieldResolver);
    if (stream) field.subscribe = guarded(field.subscribe ?? defaultFieldResolver);
  }

  /** The rules of an abstract type's values are decided once their type is known, before anything of them is read. */
  function guardType(type: GraphQLAbstractType): void {
    const resolveType = type.resolveType ?? defaultTypeResolver;
    type.resolveType = (value, context, info, abstractType) => {
      const check = (name: string | undefined): string | undefined => {
        // Anything but a name is a fault that the executor reports.
        const rules = typeof name === 'string' ? elements.typeRules(name) : [];
        if (rules.length === 0) return name;
        const principal = principalOf(context);
        return decide(rules, principal) === 'allow' ? name : deny.value(info, context, principal);
      };
      const name = resolveType(value, context, info, abstractType);
      return isPromiseLike(name) ? name.then(check) : check(name);
    };
  }
}

function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
