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

/**
 * Adds to the check of options what to do with `typeDefs` and `resolvers`, which are options of `makeExecutableSchema`.
 * Without it, the fault would name the option with the most similar name.
 */
export function partsOfModules(check: Check): Check {
  return function* (value, place, around) {
    for (const fault of check(value, place, around)) {
      const [, part] = /: there is no such option (typeDefs|resolvers);/.exec(fault) ?? [];
      yield part === undefined
        ? fault
        : `${place}: there is no such option ${part}; expected modules: [{ name, typeDefs, resolvers }], or an executable schema`;
    }
  };
}

/** The check of the options of `createGuardedSchema`: unknown names, earlier names, and wrong types. */
export const checkSchemaOptions: Check = partsOfModules(
  optionsOf<AllSchemaOptions>(schemaSettings, renamedSchemaOptions),
);
