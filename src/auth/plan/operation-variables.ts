import { type FieldNode, type GraphQLField, getArgumentValues } from 'graphql';
import { ClaimgateError } from '../../errors.ts';
import type { Variables } from './conditions.ts';
import type { RuleIds } from '../rules/rule.ts';
import type { PlannedField, PlannedInputs } from './plan.ts';

/** The variables of an operation, and what its fields are given of them. */
export interface OperationVariables {
  /** For `@skip` and `@include`, whose values coercion does not change. */
  readonly given: Variables;
  /**
   * The rules of what a field's arguments supply; `null` where the variables or the arguments cannot be coerced, so that they
   * cannot be judged: that they will fail again when the executor coerces them is not certain.
   */
  supplied(inputs: PlannedInputs): RuleIds | null;
  /** What the caller is told where those of a field cannot be judged. */
  fault(field: string): ClaimgateError;
}

/**
 * @param coerced - the variables as the executor will see them; `null` where they cannot be coerced. Called at most once
 */
export function operationVariables(given: Variables, coerced: () => Variables | null): OperationVariables {
  let values: Variables | null | undefined;
  // A field that is selected for many types is coerced once for each of its definitions.
  const known = new Map<FieldNode, Map<PlannedInputs['rules'], RuleIds | null>>();
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
    given,
    supplied(inputs) {
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

/** The rules of what a field's arguments supply; `null` where they cannot be judged. */
export function suppliedRules({ inputs }: PlannedField, variables: OperationVariables): RuleIds | null {
  return inputs ? variables.supplied(inputs) : [];
}

/** The arguments of a field as its resolver will get them; `null` where they cannot be coerced. */
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
 * What the caller is told of an operation that cannot be judged. It repeats no value of the request.
 *
 * @param field - the name of the field whose arguments cannot be coerced; `null`: the variables cannot
 */
export function inputFault(field: string | null): ClaimgateError {
  const what = field === null ? 'A variable' : `An argument of the field "${field}"`;
  const message = `${what} is not of its type, so nothing of the operation was run. Send a value of its type.`;
  return new ClaimgateError('BAD_USER_INPUT', message);
}
