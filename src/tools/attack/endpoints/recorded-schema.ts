import { copySchema } from '../../../auth/given/copy-schema.ts';
import { guardedOf } from '../../../auth/schema.ts';
import type { GuardedSchema, GuardedSchemaOptions } from '../../../auth/guarded-schema.ts';
import { requirementsOf } from '../../../auth/rules/rule.ts';
import type { RuleSource } from '../../source/rule-source.ts';
import { placeRecorders, recordedPolicies } from './recorders.ts';

/** Adds recorders to the options of a guarded schema. */
export function recordedOptions(options: GuardedSchemaOptions, runMutations: boolean): GuardedSchemaOptions {
  return {
    ...options,
    policies: recordedPolicies(Object.keys(options.policies ?? {})),
    // The attack sends accounts as they are.
    accountIdOf: (argument) => argument,
    prepare(schema, rules) {
      options.prepare?.(schema, rules);
      placeRecorders(schema, rules, runMutations);
    },
  };
}

/** Guards a schema that has no resolvers. All its values are made by recorders. */
export function recordedSource({ schema: given, rules }: Pick<RuleSource, 'schema' | 'rules'>): GuardedSchema {
  const schema = copySchema(given);
  placeRecorders(schema, rules, false);
  const policies = rules.flatMap((rule) => requirementsOf(rule).flatMap((one) => one.policies));
  return guardedOf(schema, rules, { policies: recordedPolicies(policies) });
}
