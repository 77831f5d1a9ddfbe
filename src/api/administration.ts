import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { isPromiseLike } from '../auth/maybe-promise.ts';
import { compileElements } from '../auth/rules/elements.ts';
import { scopesOfRule } from '../auth/rules/least-scopes.ts';
import type { Rule } from '../auth/rules/rule.ts';
import { satisfies } from '../auth/rules/scope.ts';
import type { AuditOutcome } from '../audit/event-types.ts';
import { type NamedDocument, withDocument } from '../audit/document.ts';
import { type AuditFact, callerOf } from '../audit/facts.ts';
import type { AuditRecorder } from '../audit/recorder.ts';
import type { ScopeCatalogue } from '../identity/grants/scopes.ts';
import { type Principal, principalOf } from '../principal.ts';
import type { OwnNames } from './names/own-names.ts';
import { isRecordedAbove, recordsIn, recordTypesOf } from './records/reads.ts';
import { seenBy } from './records/records.ts';

type Resolver = GraphQLFieldResolver<unknown, unknown>;

/** Finds the trusted document of an operation. Undefined: the operation is of none. */
export type DocumentOf = (operation: OperationDefinitionNode) => NamedDocument | undefined;

/**
 * Records each administrative use of a field. A use is administrative if the caller needs a scope that requires a role.
 * The rules of the field decide which scopes the caller needs. Inherited rules, rules of the returned type and rules of
 * supplied inputs count too. A field may also return a record of the identity API. The use is administrative if the
 * caller sees the record only by an administrator's scope.
 *
 * This function wraps the resolvers in place, before the guard wraps them. Therefore it records only calls that the
 * guard allows. The event of a mutation's root field is written in the transaction of the change, or before the answer
 * is sent. If the event cannot be written, the field returns an error. Other uses are counted once for each field and
 * operation. Only the beginning of a subscription counts. If its events counted, each event would cause a further audit
 * event.
 */
export function recordAdministration(
  schema: GraphQLSchema,
  rules: readonly Rule[],
  catalogue: ScopeCatalogue,
  recorder: AuditRecorder,
  names: OwnNames,
  documentOf: DocumentOf,
): void {
  const administrative = new Set([...catalogue].filter(([, { roles }]) => roles).map(([name]) => name));
  const isAdministrative = (rule: Rule): boolean =>
    scopesOfRule(rule)
      .flat()
      .some((name) => administrative.has(name));
  // Other rules cause no administrative use.
  const elements = compileElements(
    schema,
    rules.filter((rule) => rule.mode === 'ENFORCE' && isAdministrative(rule)),
  );
  const usedBefore = oncePerOperation();
  const recorded = new WeakSet<GraphQLResolveInfo['path']>();

  const named = (ids: readonly number[]): Rule[] => ids.flatMap((id) => rules[id] ?? []);

  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const inputs = elements.inputRules(type.name, field.name);
      const givesRecords = recordTypesOf(schema, field, names).length > 0;
      // `countRecords` decides for each record of the type.
      const ids = givesRecords ? elements.ownRules(type.name, field.name) : elements.fieldRules(type.name, field.name);
      const fieldRules = named(ids);
      if (fieldRules.length === 0 && !inputs && !givesRecords) continue;
      const coordinate = `${type.name}.${field.name}`;
      const factFor: FactFor = (principal, outcome, args, { operation }) => {
        const used = [...fieldRules, ...(inputs ? named(inputs(args)) : [])];
        const fact = administrationOf(coordinate, used, administrative)(principal, outcome);
        return fact && { ...fact, detail: withDocument(fact.detail, documentOf(operation)) };
      };
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
      const allowed = factFor(principal, 'allowed', args, info);
      const use = async (): Promise<unknown> => resolve(source, args, context, info);
      try {
        const answer = await (allowed ? recorder.recording(allowed, use) : use());
        if (allowed) recorded.add(info.path);
        return answer;
      } catch (error) {
        const failed = factFor(principal, 'failed', args, info);
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
      const fact = factFor(principalOf(context), 'allowed', args, info);
      if (fact) recorded.add(info.path);
      if (fact && counts(info)) recorder.count(fact);
      return resolve(source, args, context, info);
    };
  }

  /**
   * Counts a field that returns a record. It counts if the caller sees the record only by an administrator's scope,
   * once for each operation.
   */
  function countRecords(field: GraphQLField<unknown, unknown>, coordinate: string): void {
    const resolve = field.resolve ?? defaultFieldResolver;
    const types = recordTypesOf(schema, field, names);
    const countSeen = (result: unknown, principal: Principal, info: GraphQLResolveInfo): void => {
      if (isEvent(info) || isRecordedAbove(info.path, recorded)) return;
      const seen = recordsIn(result, types).find(([{ record }, value]) => seenBy(record, value, principal));
      if (!seen || usedBefore(info, coordinate)) return;
      const [{ type, record }, value] = seen;
      const by = `${type} by the scope ${seenBy(record, value, principal) ?? ''}`;
      const detail = withDocument(by, documentOf(info.operation));
      const fact = { type: 'administration', outcome: 'allowed', coordinate, rule: type, detail } as const;
      recorder.count({ ...fact, ...callerOf(principal) });
    };
    field.resolve = (source, args, context, info) => {
      const result = resolve(source, args, context, info);
      const principal = principalOf(context);
      if (!isPromiseLike<unknown>(result)) {
        countSeen(result, principal, info);
        return result;
      }
      return result.then((value) => {
        countSeen(value, principal, info);
        return value;
      });
    };
  }
}

function isEvent({ operation }: GraphQLResolveInfo): boolean {
  return operation.operation === OperationTypeNode.SUBSCRIPTION;
}

/** Returns the fact to record for a caller. Null if the caller needed no administrator's scope. */
type FactFor = (
  principal: Principal,
  outcome: AuditOutcome,
  args: Readonly<Record<string, unknown>>,
  info: GraphQLResolveInfo,
) => AuditFact | null;

function administrationOf(
  coordinate: string,
  rules: readonly Rule[],
  administrative: ReadonlySet<string>,
): (principal: Principal, outcome: AuditOutcome) => (AuditFact & { readonly detail: string }) | null {
  return (principal, outcome) => {
    if (principal.kind === 'anonymous') return null;
    const ordinary = principal.scopes.difference(administrative);
    const rule = rules.find((rule) => !satisfies(scopesOfRule(rule), ordinary));
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

/**
 * Creates a function that returns whether it was called before with this coordinate in this execution. graphql-js makes
 * a new object of variables for each execution. Therefore this object identifies the execution.
 */
function oncePerOperation(): (info: GraphQLResolveInfo, coordinate: string) => boolean {
  const used = new WeakMap<object, Set<string>>();
  return ({ variableValues }, coordinate) => {
    const known = used.get(variableValues) ?? new Set<string>();
    used.set(variableValues, known);
    return known.size === known.add(coordinate).size;
  };
}
