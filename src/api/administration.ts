import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
  OperationTypeNode,
} from 'graphql';
import { compileElements } from '../auth/elements.ts';
import { scopesOf } from '../auth/evidence.ts';
import type { Rule } from '../auth/rule.ts';
import { satisfies } from '../auth/scope.ts';
import type { AuditFact, AuditOutcome } from '../identity/audit.ts';
import { type AuditRecorder, callerOf } from '../identity/audit-recorder.ts';
import type { ScopeCatalogue } from '../identity/scopes.ts';
import { type Principal, principalOf } from '../principal.ts';

type Resolver = GraphQLFieldResolver<unknown, unknown>;

/**
 * Records each use of an administrative field: one that the caller's scopes open, and would not without those of the catalogue
 * that require a role. Which fields can be so follows from the rules of the schema, inherited ones and those of the returned
 * type included; a value's type that is known only at run time is not looked at.
 *
 * It wraps the resolvers, in place, before the guard is put around them, so that what it sees is what was allowed to run, on
 * every transport. A root field of a mutation is written before its answer goes on, and answers with an error if that fails;
 * others are counted, once an operation. Of a subscription its beginning is the use, and not each event: the trail would feed
 * on itself.
 */
export function recordAdministration(
  schema: GraphQLSchema,
  rules: readonly Rule[],
  catalogue: ScopeCatalogue,
  recorder: AuditRecorder,
): void {
  const elements = compileElements(
    schema,
    rules.filter(({ mode }) => mode === 'ENFORCE'),
  );
  const administrative = new Set([...catalogue].filter(([, { roles }]) => roles).map(([name]) => name));
  const usedBefore = oncePerOperation();

  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const naming = elements
        .fieldRules(type.name, field.name)
        .flatMap((id) => rules[id] ?? [])
        .filter((rule) =>
          scopesOf(rule)
            .flat()
            .some((name) => administrative.has(name)),
        );
      if (naming.length === 0) continue;
      const coordinate = `${type.name}.${field.name}`;
      const factFor = administrationOf(coordinate, naming, administrative);
      if (type === schema.getMutationType()) writeUses(field, factFor);
      else if (type === schema.getSubscriptionType()) countBeginnings(field, factFor);
      else countUses(field, coordinate, factFor);
    }
  }

  function writeUses(field: GraphQLField<unknown, unknown>, factFor: FactFor): void {
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = async (source, args, context, info) => {
      const principal = principalOf(context);
      let answer: unknown;
      try {
        answer = await resolve(source, args, context, info);
      } catch (error) {
        const failed = factFor(principal, 'failed');
        if (failed) recorder.count(failed);
        throw error;
      }
      const allowed = factFor(principal, 'allowed');
      if (allowed) await recorder.write(allowed);
      return answer;
    };
  }

  function countBeginnings(field: GraphQLField<unknown, unknown>, factFor: FactFor): void {
    field.subscribe = counting(field.subscribe ?? defaultFieldResolver, factFor, () => true);
  }

  function countUses(field: GraphQLField<unknown, unknown>, coordinate: string, factFor: FactFor): void {
    field.resolve = counting(
      field.resolve ?? defaultFieldResolver,
      factFor,
      (info) => info.operation.operation !== OperationTypeNode.SUBSCRIPTION && !usedBefore(info, coordinate),
    );
  }

  function counting(resolve: Resolver, factFor: FactFor, counts: (info: GraphQLResolveInfo) => boolean): Resolver {
    return (source, args, context, info) => {
      const fact = counts(info) ? factFor(principalOf(context), 'allowed') : null;
      if (fact) recorder.count(fact);
      return resolve(source, args, context, info);
    };
  }
}

/** What there is to record of a caller; null where no administrator's scope was needed. */
type FactFor = (principal: Principal, outcome: AuditOutcome) => AuditFact | null;

function administrationOf(coordinate: string, rules: readonly Rule[], administrative: ReadonlySet<string>): FactFor {
  return (principal, outcome) => {
    if (principal.kind === 'anonymous') return null;
    const ordinary = principal.scopes.difference(administrative);
    const rule = rules.find((rule) => !satisfies(scopesOf(rule), ordinary));
    if (!rule) return null;
    return {
      type: 'administration',
      outcome,
      coordinate,
      rule: rule.coordinate,
      ...callerOf(principal),
      detail: rule.source,
    };
  };
}

/** @returns whether it was asked about this coordinate in this execution before, which graphql-js gives variables of its own */
function oncePerOperation(): (info: GraphQLResolveInfo, coordinate: string) => boolean {
  const asked = new WeakMap<object, Set<string>>();
  return ({ variableValues }, coordinate) => {
    const known = asked.get(variableValues) ?? new Set<string>();
    asked.set(variableValues, known);
    return known.size === known.add(coordinate).size;
  };
}
