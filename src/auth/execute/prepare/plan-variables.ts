import {
  getVariableValues,
  type GraphQLSchema,
  isInputType,
  type OperationDefinitionNode,
  typeFromAST,
  valueFromAST,
} from 'graphql';
import type { Variables } from '../../plan/conditions.ts';
import { coerceInput, type InputPlan, unusual } from './input-plan.ts';

/** Coerces the variables that a client sent. The result is a new object. `null`: they cannot be coerced. */
export type CoerceVariables = (sent: Variables) => Record<string, unknown> | null;

type Definition = NonNullable<OperationDefinitionNode['variableDefinitions']>[number];

/** A planned variable. */
interface VariablePlan extends InputPlan {
  readonly name: string;
  /** Returns the default value of the operation. `null`: the operation has no default value. */
  readonly fallback: (() => unknown) | null;
}

/** Makes the function that coerces the variables of an operation. Values without a fault need no call of graphql-js. */
export function planVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  planInput: (type: Parameters<typeof valueFromAST>[1]) => InputPlan,
): CoerceVariables {
  const byGraphql: CoerceVariables = (sent) =>
    getVariableValues(schema, variableDefinitions, sent, { maxErrors: 1 }).coerced ?? null;
  const plans: VariablePlan[] = [];
  try {
    for (const definition of variableDefinitions) {
      const planned = planVariable(definition);
      if (planned === null) return byGraphql;
      plans.push(planned);
    }
  } catch {
    return byGraphql; // The lists of a type are nested so deep that the stack is exhausted.
  }

  function planVariable({ variable, type: node, defaultValue }: Definition): VariablePlan | null {
    const type = typeFromAST(schema, node);
    if (!isInputType(type) || variable.name.value === '__proto__') return null;
    const fallback = defaultValue ? (): unknown => valueFromAST(defaultValue, type) : null;
    return { ...planInput(type), name: variable.name.value, fallback };
  }

  return (sent) => {
    const coerced: Record<string, unknown> = {};
    try {
      for (const plan of plans) {
        if (Object.hasOwn(sent, plan.name)) {
          const value = coerceInput(plan, sent[plan.name]);
          if (value === unusual) return byGraphql(sent);
          coerced[plan.name] = value;
        } else if (plan.fallback !== null) {
          coerced[plan.name] = plan.fallback();
        } else if (plan.isNonNull) {
          return null;
        }
      }
    } catch {
      return byGraphql(sent); // For example, the stack is exhausted.
    }
    return coerced;
  };
}
