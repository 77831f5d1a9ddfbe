import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import { ClaimgateError } from '../../errors.ts';
import { toExecutionError } from '../decide/denial-error.ts';
import type { Resolver } from './guard.ts';

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
}

function tooDeep(): ClaimgateError {
  const message = `The operation exceeds the limit "depth": ${maxSelectionDepth} allowed, more found (fields within fields).`;
  const evidence = { limit: 'depth', allowed: maxSelectionDepth, found: maxSelectionDepth + 1 };
  return new ClaimgateError('LIMIT_EXCEEDED', message, { evidence });
}

/**
 * Makes a function that puts the check before the resolver of a root field. The check runs only one time for each
 * execution.
 */
export function createDepthGuard(): (resolve: Resolver) => Resolver {
  const checked = new WeakMap<object, { readonly operation: OperationDefinitionNode; readonly fault: unknown }>();
  return (resolve) => (source, args, context, info) => {
    const { operation, fragments, variableValues, path } = info;
    // A field below the root can return a root type. The fields of this value are not root fields.
    if (path.prev) return resolve(source, args, context, info);
    let found = checked.get(variableValues);
    if (found?.operation !== operation) {
      found = { operation, fault: faultOf(operation, fragments) };
      checked.set(variableValues, found);
    }
    if (found.fault !== null) throw found.fault;
    return resolve(source, args, context, info);
  };
}

function faultOf(...[operation, fragments]: Parameters<typeof checkSelectionDepth>): unknown {
  try {
    checkSelectionDepth(operation, fragments);
    return null;
  } catch (error) {
    return toExecutionError(error);
  }
}
