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
import { cachePlans } from '../../plan/plan-cache.ts';
import { checkSelectionDepth } from '../../plan/selection-depth.ts';
import { createInputPlanner } from './input-plan.ts';
import { planVariables } from './plan-variables.ts';
import type { QueryPlan, SelectionPlan } from './query-plan.ts';
import { createFieldPlanner, keyOf } from './query-planner.ts';

/** Why the executor does not run an operation. graphql-js runs it then. */
export type Unprepared = 'NO_OPERATION' | 'NOT_A_QUERY' | 'TOO_DEEP' | 'INCREMENTAL' | 'CONDITION' | 'RESPONSE_KEY';

/** The result of the preparation of an operation. */
export type Prepared =
  | { readonly kind: 'query'; readonly plan: QueryPlan }
  | { readonly kind: 'other'; readonly reason: Unprepared };

/** The most sets of condition values of one query whose fields are stored. */
const maxVariants = 8;

/** Keys that change an object with a function: `JSON.stringify` calls its `toJSON`, and a promise calls its `then`. */
const methodKeys: ReadonlySet<string> = new Set(['toJSON', 'then']);

/** The estimated size of a planned variable, in bytes of heap. */
const bytesOfVariable = 1_000;

/** Makes the function that prepares operations of valid documents, or returns what it prepared before. */
export function createPreparer(
  schema: GraphQLSchema,
  bound: CacheBound,
  newHot: () => SelectionPlan['hot'],
): (operation: OperationDefinitionNode, fragments: Fragments) => Prepared {
  const planInput = createInputPlanner();
  const cached = cachePlans<Prepared>((operation, fragments, grown) => {
    const scanned = scan(operation, fragments);
    if (typeof scanned === 'string') return { kind: 'other', reason: scanned };
    return { kind: 'query', plan: planQuery(schema, operation, fragments, planInput, scanned, grown, newHot) };
  }, bound);
  return (operation, fragments) => cached(operation, fragments) ?? { kind: 'other', reason: 'NO_OPERATION' };
}

function planQuery(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Fragments,
  planInput: Parameters<typeof planVariables>[2],
  conditions: readonly string[],
  grown: (bytes: number) => void,
  newHot: () => SelectionPlan['hot'],
): QueryPlan {
  const variants = new Map<string, SelectionPlan>();
  grown(bytesOfVariable * (operation.variableDefinitions?.length ?? 0));
  return {
    operation,
    coerceVariables: operation.variableDefinitions?.length ? planVariables(schema, operation, planInput) : null,
    conditions,
    rootFor(values) {
      const key = keyOf(conditions, values);
      const known = variants.get(key);
      if (known) return known;
      const type = schema.getQueryType();
      if (!type) throw new Error('The schema has no query type, so no query can be valid.');
      const isStored = variants.size < maxVariants;
      const plan = createFieldPlanner({ schema, fragments, conditions: values }, isStored ? grown : () => {}, newHot);
      const root = plan([operation.selectionSet], type);
      if (isStored) variants.set(key, root);
      return root;
    },
  };
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
  return [...variables];
}

function conditionOf({ name, arguments: given }: DirectiveNode): { variable: string } | Unprepared | null {
  if (name.value === 'defer' || name.value === 'stream') return 'INCREMENTAL';
  if (name.value !== 'skip' && name.value !== 'include') return null;
  const value = given?.find((argument) => argument.name.value === 'if')?.value;
  if (value?.kind === Kind.VARIABLE) return { variable: value.name.value };
  return value?.kind === Kind.BOOLEAN ? null : 'CONDITION';
}
