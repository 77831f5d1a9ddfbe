import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
  OperationTypeNode,
} from 'graphql';
import { compileElements } from '../auth/rules/elements.ts';
import { scopesOf } from '../auth/decide/evidence.ts';
import type { Rule } from '../auth/rules/rule.ts';
import { satisfies } from '../auth/rules/scope.ts';
import type { AuditOutcome } from '../audit/event-types.ts';
import { type AuditFact, callerOf } from '../audit/facts.ts';
import type { AuditRecorder } from '../audit/recorder.ts';
import type { ScopeCatalogue } from '../identity/grants/scopes.ts';
import { type Principal, principalOf } from '../principal.ts';
import type { OwnNames } from './names/own-names.ts';
import { isRecordedAbove, recordsIn, recordTypesOf } from './records/reads.ts';
import { seenBy } from './records/records.ts';

type Resolver = GraphQLFieldResolver<unknown, unknown>;

/**
 * Records each use of an administrative field: one that the caller's scopes open, and would not without those of the catalogue
 * that require a role. Which fields can be so follows from the rules of the schema, inherited ones, those of the returned type and those
 * of supplied inputs included. A field that gives a record of the identity API is one too where the caller
 * sees the record by an administrator's scope alone, whichever field leads to it.
 *
 * It wraps the resolvers, in place, before the guard is put around them, so that what it sees is what was allowed to run, on
 * every transport. A root field of a mutation is written in the transaction of what it changes, or before its answer goes on, and
 * answers with an error if that fails; others are counted, once an operation. Of a subscription its beginning is the use, and not each event: the trail would feed
 * on itself.
 */
export function recordAdministration(
  schema: GraphQLSchema,
  rules: readonly Rule[],
  catalogue: ScopeCatalogue,
  recorder: AuditRecorder,
  names: OwnNames,
): void {
  const elements = compileElements(
    schema,
    rules.filter(({ mode }) => mode === 'ENFORCE'),
  );
  const administrative = new Set([...catalogue].filter(([, { roles }]) => roles).map(([name]) => name));
  const usedBefore = oncePerOperation();
  const recorded = new WeakSet<GraphQLResolveInfo['path']>();

  const named = (ids: readonly number[]): Rule[] =>
    ids
      .flatMap((id) => rules[id] ?? [])
      .filter((rule) =>
        scopesOf(rule)
          .flat()
          .some((name) => administrative.has(name)),
      );

  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const inputs = elements.inputRules(type.name, field.name);
      const givesRecords = recordTypesOf(schema, field, names).length > 0;
      // Of records it is known whose they are, and by which scope they are seen.
      const ids = givesRecords ? elements.ownRules(type.name, field.name) : elements.fieldRules(type.name, field.name);
      const whole = named(ids);
      if (whole.length === 0 && !inputs && !givesRecords) continue;
      const coordinate = `${type.name}.${field.name}`;
      const factFor: FactFor = (principal, outcome, args) =>
        administrationOf(
          coordinate,
          [...whole, ...(inputs ? named(inputs(args)) : [])],
          administrative,
        )(principal, outcome);
      if (type === schema.getMutationType()) writeUses(field, factFor);
      else if (type === schema.getSubscriptionType()) countBeginnings(field, factFor);
      else countUses(field, coordinate, factFor);
      if (givesRecords) countRecords(field, coordinate);
    }
  }

  function writeUses(field: GraphQLField<unknown, unknown>, factFor: FactFor): void {
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = async (source, args, context, info) => {
      const principal = principalOf(context);
      const allowed = factFor(principal, 'allowed', args);
      const use = async (): Promise<unknown> => resolve(source, args, context, info);
      try {
        const answer = await (allowed ? recorder.recording(allowed, use) : use());
        if (allowed) recorded.add(info.path);
        return answer;
      } catch (error) {
        const failed = factFor(principal, 'failed', args);
        if (failed) recorder.count(failed);
        throw error;
      }
    };
  }

  function countBeginnings(field: GraphQLField<unknown, unknown>, factFor: FactFor): void {
    field.subscribe = counting(field.subscribe ?? defaultFieldResolver, factFor, () => true);
  }

  function countUses(field: GraphQLField<unknown, unknown>, coordinate: string, factFor: FactFor): void {
    field.resolve = counting(
      field.resolve ?? defaultFieldResolver,
      factFor,
      (info) => !isEvent(info) && !usedBefore(info, coordinate),
    );
  }

  function counting(resolve: Resolver, factFor: FactFor, counts: (info: GraphQLResolveInfo) => boolean): Resolver {
    return (source, args, context, info) => {
      const fact = factFor(principalOf(context), 'allowed', args);
      if (fact) recorded.add(info.path);
      if (fact && counts(info)) recorder.count(fact);
      return resolve(source, args, context, info);
    };
  }

  /** Counts records that the caller sees by an administrator's scope alone, once an operation for each field that gives them. */
  function countRecords(field: GraphQLField<unknown, unknown>, coordinate: string): void {
    const resolve = field.resolve ?? defaultFieldResolver;
    const types = recordTypesOf(schema, field, names);
    const look = (given: unknown, principal: Principal, info: GraphQLResolveInfo): void => {
      if (isEvent(info) || isRecordedAbove(info.path, recorded)) return;
      const seen = recordsIn(given, types).find(([{ record }, value]) => seenBy(record, value, principal));
      if (!seen || usedBefore(info, coordinate)) return;
      const [{ type, record }, value] = seen;
      const detail = `${type} by the scope ${seenBy(record, value, principal) ?? ''}`;
      const fact = { type: 'administration', outcome: 'allowed', coordinate, rule: type, detail } as const;
      recorder.count({ ...fact, ...callerOf(principal) });
    };
    field.resolve = (source, args, context, info) => {
      const given = resolve(source, args, context, info);
      const principal = principalOf(context);
      if (!isPromise(given)) {
        look(given, principal, info);
        return given;
      }
      return given.then((value: unknown) => {
        look(value, principal, info);
        return value;
      });
    };
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise;
}

function isEvent({ operation }: GraphQLResolveInfo): boolean {
  return operation.operation === OperationTypeNode.SUBSCRIPTION;
}

/** What there is to record of a caller; null where no administrator's scope was needed. */
type FactFor = (
  principal: Principal,
  outcome: AuditOutcome,
  args: Readonly<Record<string, unknown>>,
) => AuditFact | null;

function administrationOf(
  coordinate: string,
  rules: readonly Rule[],
  administrative: ReadonlySet<string>,
): (principal: Principal, outcome: AuditOutcome) => AuditFact | null {
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
