import {
  type DirectiveNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import type { CacheBound } from '../../caches.ts';
import type { Fragments } from '../../plan/fragments.ts';
import { cachePlans, type PlanCache, type PlanSize, uncounted } from '../../plan/plan-cache.ts';
import { checkSelectionDepth } from '../../plan/selection-depth.ts';
import { createFieldShapes } from './field-shape.ts';
import { createInputPlanner } from './input-plan.ts';
import { planVariables } from './plan-variables.ts';
import type { ConditionValues, QueryPlan, SelectionPlan } from './query-plan.ts';
import { FieldPlanner, type Preparing } from './query-planner.ts';

/** Why the executor does not run an operation. graphql-js runs it then. */
export type Unprepared = 'NO_OPERATION' | 'NOT_A_QUERY' | 'TOO_DEEP' | 'INCREMENTAL' | 'CONDITION' | 'RESPONSE_KEY';

/** The result of the preparation of an operation. */
export type Prepared = QueryPlan | { readonly kind: 'other'; readonly reason: Unprepared };

/** The most sets of condition values of one query whose fields are stored. */
const maxVariants = 8;

const noConditions: readonly string[] = Object.freeze([]);

/** Keys that change an object with a function: `JSON.stringify` calls its `toJSON`, and a promise calls its `then`. */
const methodKeys: ReadonlySet<string> = new Set(['toJSON', 'then']);

/** Estimated sizes, in bytes of heap. `test/auth/execute/estimate.test.ts` measures them. They are rounded up. */
const bytesOfVariable = 1_000;
const bytesOfVariant = 500;
const bytesOfCondition = 100;

/** Makes the cache of prepared operations of valid documents. */
export function createPreparer(
  schema: GraphQLSchema,
  bound: CacheBound,
  newHot: () => SelectionPlan['hot'],
): PlanCache<Prepared> {
  const planInput = createInputPlanner();
  const preparing: Preparing = { schema, shapeOf: createFieldShapes(), newHot };
  return cachePlans<Prepared>((operation, fragments, size) => {
    const scanned = scan(operation, fragments);
    if (typeof scanned === 'string') return { kind: 'other', reason: scanned };
    const variables = operation.variableDefinitions?.length ?? 0;
    size.grow(bytesOfVariable * variables);
    const coerce = variables > 0 ? planVariables(schema, operation, planInput) : null;
    return new PreparedQuery(preparing, operation, fragments, coerce, scanned, size);
  }, bound);
}

class PreparedQuery implements QueryPlan {
  readonly kind = 'query';
  readonly operation: OperationDefinitionNode;
  readonly coerceVariables: QueryPlan['coerceVariables'];
  readonly conditions: readonly string[];
  readonly #preparing: Preparing;
  readonly #fragments: Fragments;
  readonly #size: PlanSize;
  /** The root of a query without conditions. */
  #root: SelectionPlan | null = null;
  #variants: Map<string, SelectionPlan> | null = null;

  constructor(
    preparing: Preparing,
    operation: OperationDefinitionNode,
    fragments: Fragments,
    coerceVariables: QueryPlan['coerceVariables'],
    conditions: readonly string[],
    size: PlanSize,
  ) {
    this.operation = operation;
    this.coerceVariables = coerceVariables;
    this.conditions = conditions;
    this.#preparing = preparing;
    this.#fragments = fragments;
    this.#size = size;
  }

  rootFor(values: ConditionValues): SelectionPlan {
    if (this.conditions.length === 0) return (this.#root ??= this.#plan(values, this.#size));
    const key = keyOf(this.conditions, values);
    const variants = (this.#variants ??= new Map());
    const known = variants.get(key);
    if (known) return known;
    if (variants.size >= maxVariants) return this.#plan(values, uncounted);
    this.#size.grow(bytesOfVariant + bytesOfCondition * this.conditions.length);
    const root = this.#plan(values, this.#size);
    variants.set(key, root);
    return root;
  }

  #plan(values: ConditionValues, size: PlanSize): SelectionPlan {
    const type = this.#preparing.schema.getQueryType();
    if (!type) throw new Error('The schema has no query type, so no query can be valid.');
    return new FieldPlanner(this.#preparing, this.#fragments, values, size).plan([this.operation.selectionSet], type);
  }
}

/** Makes a key of the values of conditions. */
function keyOf(conditions: readonly string[], values: ConditionValues): string {
  let key = '';
  for (const name of conditions) key += values[name] === true ? '1' : '0';
  return key;
}

/**
 * Searches an operation for what the executor does not run. It does not recurse.
 *
 * @returns the names of the variables in `@skip` and `@include`, or why the operation is not prepared
 */
function scan(operation: OperationDefinitionNode, fragments: Fragments): readonly string[] | Unprepared {
  if (operation.operation !== OperationTypeNode.QUERY) return 'NOT_A_QUERY';
  try {
    checkSelectionDepth(operation, fragments);
  } catch {
    return 'TOO_DEEP'; // The guard in the schema makes the error.
  }
  const variables = new Set<string>();
  const pending = new Set<SelectionSetNode>([operation.selectionSet]);
  for (const { selections } of pending) {
    for (const node of selections) {
      for (const directive of node.directives ?? []) {
        const found = conditionOf(directive);
        if (typeof found === 'string') return found;
        if (found !== null) variables.add(found.variable);
      }
      if (node.kind === Kind.FIELD && methodKeys.has((node.alias ?? node.name).value)) return 'RESPONSE_KEY';
      const inside = node.kind === Kind.FRAGMENT_SPREAD ? fragments[node.name.value] : node;
      if (inside?.selectionSet) pending.add(inside.selectionSet);
    }
  }
  return variables.size > 0 ? [...variables] : noConditions;
}

function conditionOf({ name, arguments: given }: DirectiveNode): { variable: string } | Unprepared | null {
  if (name.value === 'defer' || name.value === 'stream') return 'INCREMENTAL';
  if (name.value !== 'skip' && name.value !== 'include') return null;
  const value = given?.find((argument) => argument.name.value === 'if')?.value;
  if (value?.kind === Kind.VARIABLE) return { variable: value.name.value };
  return value?.kind === Kind.BOOLEAN ? null : 'CONDITION';
}
