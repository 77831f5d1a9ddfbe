import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import { ClaimgateError } from '../../errors.ts';

/**
 * How deep the fields of an operation may be nested. The executor recurses into nested fields. Without a bound, it
 * could exhaust the stack before it handles the rejection of a promise. An unhandled rejection ends the process.
 */
export const maxSelectionDepth = 200;

/**
 * Checks how deep the fields of an operation are nested. It must run before other code recurses into the fields. The
 * check itself does not recurse.
 *
 * @throws {ClaimgateError} LIMIT_EXCEEDED if fields are nested deeper than 200, or if a fragment contains itself
 */
export function checkSelectionDepth(
  operation: OperationDefinitionNode,
  fragments: Readonly<Record<string, FragmentDefinitionNode | undefined>>,
): void {
  if (checked.get(operation) === fragments) return;
  let level = new Set<SelectionSetNode>([operation.selectionSet]);
  for (let depth = 0; level.size > 0; depth += 1) {
    if (depth === maxSelectionDepth) throw tooDeep();
    const below = new Set<SelectionSetNode>();
    // The set grows during the loop: fragments add selection sets of the same level. No selection set is visited twice.
    for (const { selections } of level) {
      for (const node of selections) {
        const inside = node.kind === Kind.FRAGMENT_SPREAD ? fragments[node.name.value] : node;
        if (inside?.selectionSet) (node.kind === Kind.FIELD ? below : level).add(inside.selectionSet);
      }
    }
    level = below;
  }
  checked.set(operation, fragments);
}

/** The operations that passed the check, with the object of their fragments. `fragmentsOf` returns one object. */
const checked = new WeakMap<OperationDefinitionNode, object>();

function tooDeep(): ClaimgateError {
  const message = `The operation exceeds the limit "depth": ${maxSelectionDepth} allowed, more found (fields within fields).`;
  const evidence = { limit: 'depth', allowed: maxSelectionDepth, found: maxSelectionDepth + 1 };
  return new ClaimgateError('LIMIT_EXCEEDED', message, { evidence });
}
