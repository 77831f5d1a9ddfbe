import type { GraphQLSchema } from 'graphql';
import { createEnforcement } from './guard/enforcement.ts';
import { createExplainer } from './explain/explain-operation.ts';
import { guardSchema } from './guard/guard-schema.ts';
import { rememberGuards } from './guarded-mark.ts';
import { hideSchema } from './decide/hide-schema.ts';
import { neededScopes } from './decide/needed-scopes.ts';
import { printAlternatives } from './rules/scope.ts';
import { describeRules } from './rules/describe-rules.ts';
import { planOperation } from './plan/planned-operation.ts';
import { decidePlanned } from './decide/verdict.ts';
import type { EnforcementOptions } from './guard/options.ts';
import type { Rule } from './rules/rule.ts';
import { StartError } from '../errors.ts';
import { notify } from '../protocol/notify.ts';
import { checkRules } from './rules/checks/rules.ts';
import { warningsOf } from './rules/warnings.ts';
import { compileElements } from './rules/elements.ts';
import type { GuardedSchema, GuardedSchemaOptions } from './guarded-schema.ts';
import { inputDepthFault } from './inputs/limits.ts';
import { directiveNameFaults, storeNames, namesOf } from './directive-names.ts';
import { fromSchema } from './from-schema.ts';
import { fromModules } from './from-modules.ts';
import { graphqlVersionFault, warnOfCopies } from './loaded-copies.ts';
import { stopOn, withinStack } from './modules/fault.ts';
import { checkOptions } from '../protocol/options/check-options.ts';
import { membersOf } from '../protocol/options/object.ts';
import { checkSchemaOptions, schemaSettings } from './schema-options.ts';

/**
 * Makes one executable schema from modules, or from a copy of an executable schema. The schema itself enforces `@auth`.
 * A given schema is not changed. The guard decides a field before its resolver runs, and a value before the executor
 * reads it. Before any part of a mutation or subscription runs, it decides the rules of the complete operation that
 * depend only on the caller, and the owners and policies of the root fields. The caller is `principalOf(contextValue)`.
 * If the context has no principal, the caller is anonymous.
 *
 * The default resolver of graphql-js reads a field without a resolver if the field is guarded, returns a list or is a
 * root field, and with the option `typeOf` if it returns an interface or a union. If a guarded interface or union has
 * no `resolveType`, the default type resolver of graphql-js finds the type of its values. The executor does not call
 * its options `fieldResolver`, `subscribeFieldResolver` and `typeResolver` for these fields and types.
 *
 * Not checked: calls from one resolver to another resolver, schemas that other tools make from this schema, and what
 * other tools did to a given schema before.
 *
 * @throws {StartError} with one line for each fault. The line names the coordinate and the modules. If a step finds
 * faults, it throws all of them, and the later steps do not run. The faults are: an unknown or wrong option; a version
 * of graphql that is not supported; an error of the SDL; a fault that the option `check` returned; a root field with
 * neither `@auth` nor `@public`, or with both; `@public` elsewhere; an `@auth` with an empty, malformed or unknown
 * value; a rule on an argument of a directive; a field or a resolver that two modules define; a resolver for a type or
 * field that does not exist; a directive of Claimgate that a module defines or imports; a guarded input with a default
 * value; a policy, or the field or argument of an owner, that does not exist; a mutation that returns a type with an
 * owner or a policy and has no rule of its own with an owner or a policy. Further faults of a given schema are: a value
 * that is not a schema of this copy of graphql; a guarded schema; another definition of a directive of Claimgate; an
 * extension that cannot be read as a rule; rules that were visibly lost
 */
export function createGuardedSchema(guardedOptions: GuardedSchemaOptions): GuardedSchema {
  checkOptions('createGuardedSchema', guardedOptions, checkSchemaOptions);
  const {
    modules,
    schema: given,
    directives = {},
    scopes,
    onWarning,
    check,
    prepare,
    ...options
  } = membersOf(schemaSettings, guardedOptions);
  if (given !== undefined && modules !== undefined) {
    throw new StartError(['modules, schema: both are given; expected modules, or one executable schema']);
  }
  warnOfCopies();
  const faults: string[] = [
    ...graphqlVersionFault(),
    ...directiveNameFaults(directives),
    ...inputDepthFault(options.inputDepth),
  ];
  const names = namesOf(directives);
  const catalogue = { scopes, policies: new Set(Object.keys(options.policies ?? {})) };
  const source = withinStack(() =>
    given === undefined
      ? fromModules({ modules, names, catalogue, check }, faults)
      : fromSchema({ schema: given, names, catalogue, check }, faults),
  );
  const { schema, rules } = source;
  const enforced = rules.filter(({ mode }) => mode === 'ENFORCE');
  withinStack(() => checkRules(schema, rules, compileElements(schema, enforced), names, faults));
  stopOn(faults);
  const warnings = onWarning ? [...source.warnings(), ...warningsOf(schema, rules)] : [];
  for (const warning of warnings) notify(onWarning, warning);
  storeNames(schema, names);

  prepare?.(schema, rules);
  return guardedOf(schema, rules, options);
}

/**
 * Guards a schema whose rules are known. It changes the schema. `createGuardedSchema` has checked the schema and the rules
 * before.
 */
export function guardedOf(schema: GraphQLSchema, rules: readonly Rule[], options: EnforcementOptions): GuardedSchema {
  const enforcement = withinStack(() => createEnforcement(schema, rules, options));
  rememberGuards(schema, () => guardSchema(schema, enforcement));
  describeRules(schema, rules);
  const { inputDepth, plan, judge } = enforcement;
  const explain = createExplainer(schema, enforcement);
  return {
    schema,
    rules,
    decideOperation(request) {
      const planned = planOperation(request, schema, inputDepth, plan);
      if (!planned) return { kind: 'run' };
      const verdict = decidePlanned(planned, judge, request.principal);
      if (verdict.kind === 'run' || !enforcement.hidesSchema(request.principal)) return verdict;
      return hideSchema(verdict, planned.plan, planned.variables.ofConditions);
    },
    neededScopes(request) {
      const planned = planOperation(request, schema, inputDepth, plan);
      if (!planned) return [];
      return printAlternatives(neededScopes(planned.plan, planned.variables, rules).alternatives);
    },
    explainOperation: explain,
  };
}
