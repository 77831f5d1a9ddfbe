import { type FieldNode, type GraphQLField, getArgumentValues } from 'graphql';
import { ClaimgateError } from '../../errors.ts';
import type { Variables } from './conditions.ts';
import type { RuleIds } from '../rules/rule.ts';
import type { PlannedField, PlannedInputs } from './plan.ts';

/** The variables of an operation, and the rules of the inputs that the arguments of its fields supply. */
export interface OperationVariables {
  /** The values for `@skip` and `@include`. They need no coercion. */
  readonly ofConditions: Variables;
  /**
   * Returns the rules of the inputs that a field's arguments supply. `null`: the variables or the arguments cannot be
   * coerced, so they cannot be judged. The executor may still be able to coerce them.
   *
   * @throws {ClaimgateError} LIMIT_EXCEEDED if the arguments are too deep or hold too many values
   */
  supplied(inputs: PlannedInputs): RuleIds | null;
  /** Makes the error for a field whose arguments cannot be judged. */
  fault(field: string): ClaimgateError;
}

/**
 * Makes the variables of one operation. They are not coerced before a rule on an input needs them.
 *
 * @param ofConditions - the values before or after coercion
 * @param coerced - returns the values as the executor will see them, or `null` if they cannot be coerced. Called at
 * most once
 */
export function operationVariables(ofConditions: Variables, coerced: () => Variables | null): OperationVariables {
  let values: Variables | null | undefined;
  // The results by node and by `rules`, of which each field of a type has its own. One node can select the field on
  // several parent types. Parent types that narrow the same interface can share `rules`.
  let known: Map<FieldNode, Map<PlannedInputs['rules'], RuleIds | null>> | undefined;
  const all = (): Variables | null => {
    if (values === undefined) values = coerced();
    return values;
  };

  function rulesOf({ rules, field, node }: PlannedInputs): RuleIds | null {
    const variables = all();
    const args = variables && argumentsOf(field, node, variables);
    return args && rules(args);
  }

  return {
    ofConditions,
    supplied(inputs) {
      known ??= new Map();
      known ??= new Map();
      const ofNode = known.get(inputs.node) ?? new Map<PlannedInputs['rules'], RuleIds | null>();
      known.set(inputs.node, ofNode);
      let rules = ofNode.get(inputs.rules);
      if (rules === undefined) {
        rules = rulesOf(inputs);
        ofNode.set(inputs.rules, rules);
      }
      return rules;
    },
    fault: (field) => inputFault(all() === null ? null : field),
  };
}

/** Returns the rules of the inputs that a field's arguments supply. `null`: the arguments cannot be judged. */
export function suppliedRules({ inputs }: PlannedField, variables: OperationVariables): RuleIds | null {
  return inputs ? variables.supplied(inputs) : [];
}

/** Returns the coerced arguments of a field. `null`: the arguments cannot be coerced. */
export function argumentsOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: Variables,
): Readonly<Record<string, unknown>> | null {
  try {
    return getArgumentValues(field, node, variables);
  } catch {
    return null;
  }
}

/**
 * Makes the error for an operation that cannot be judged. The message contains no value of the request.
 *
 * @param field - the name of the field whose arguments cannot be coerced. `null`: the variables cannot be coerced
 */
export function inputFault(field: string | null): ClaimgateError {
  const what = field === null ? 'A variable' : `An argument of the field "${field}"`;
  const message = `${what} is not of its type, so nothing of the operation was run. Send a value of its type.`;
  return new ClaimgateError('BAD_USER_INPUT', message);
}
