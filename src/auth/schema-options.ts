import { types } from 'node:util';
import { optionsOf } from '../protocol/options/check-options.ts';
import { aFunction, bound, expectsKind, timeLimitSeconds } from '../protocol/options/kinds.ts';
import { type Check, mapOf, type Settings } from '../protocol/options/object.ts';
import type { GuardedModulesOptions, GuardedSchemaOptions } from './guarded-schema.ts';

/** A later step checks the value, together with the schema. */
const checkedLater: Check = () => [];

/** Every option in either form of `GuardedSchemaOptions`. */
export type AllSchemaOptions = Omit<GuardedModulesOptions, 'schema'> & {
  readonly schema?: GuardedSchemaOptions['schema'];
};

/** The options of `createGuardedSchema`. */
export const schemaSettings: Settings<AllSchemaOptions> = {
  modules: { check: checkedLater },
  schema: { check: checkedLater },
  directives: { check: checkedLater },
  scopes: { check: expectsKind('a Set of scopes', types.isSet) },
  policies: { check: mapOf('an object of functions by name', aFunction) },
  onPolicyFault: { check: aFunction },
  policyTimeoutSeconds: { check: timeLimitSeconds },
  policyCalls: { check: bound('calls', { from: 1 }) },
  operationPolicyCalls: { check: bound('calls', { from: 1 }) },
  accountIdOf: { check: aFunction },
  typeOf: { check: aFunction },
  inputDepth: { check: checkedLater },
  denial: { check: expectsKind('"partial" or "reject"', (value) => value === 'partial' || value === 'reject') },
  hidesSchema: { check: aFunction },
  clock: { check: aFunction },
  onDenial: { check: aFunction },
  onWarning: { check: aFunction },
  check: { check: aFunction },
  prepare: { check: aFunction },
};

/** The present names of renamed options, by earlier name. */
export const renamedSchemaOptions = { policyTimeout: 'policyTimeoutSeconds, in seconds; it was in milliseconds' };

/** The check of the options of `createGuardedSchema`: unknown names, earlier names, and wrong types. */
export const checkSchemaOptions: Check = optionsOf<AllSchemaOptions>(schemaSettings, renamedSchemaOptions);
