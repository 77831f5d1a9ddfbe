import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import { ClaimgateError } from '../../errors.ts';
import { toldError } from '../decide/denial-error.ts';
import type { Resolver } from './guard.ts';

/**
 * How many fields of an operation may be within one another. The executor recurses into them. Where its stack ends between a promise
 * of a resolver and what would handle its rejection, the rejection ends the process.
 */
export const mostSelectionDepth = 200;

/**
 * Checks how deep the fields of an operation are within one another, before anything recurses into them. It does not recurse.
 *
 * @throws {ClaimgateError} LIMIT_EXCEEDED where they are too deep, or a fragment is within itself
 */
export function checkSelectionDepth(
  operation: OperationDefinitionNode,
  fragments: Readonly<Record<string, FragmentDefinitionNode | undefined>>,
): void {
  let level = new Set<SelectionSetNode>([operation.selectionSet]);
  for (let depth = 0; level.size > 0; depth += 1) {
    if (depth === mostSelectionDepth) throw tooDeep();
    const below = new Set<SelectionSetNode>();
    // A set: visited once, also while it grows by what fragments hold, which are no level themselves.
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
  const message = `The operation exceeds the limit "depth": ${mostSelectionDepth} allowed, more found (fields within fields).`;
  const evidence = { limit: 'depth', allowed: mostSelectionDepth, found: mostSelectionDepth + 1 };
  return new ClaimgateError('LIMIT_EXCEEDED', message, { evidence });
}

/** Puts the check before the resolvers of root fields, of which the first one that is entered makes it for the whole operation. */
export function createDepthGuard(): (resolve: Resolver) => Resolver {
  const checked = new WeakMap<object, { readonly operation: OperationDefinitionNode; readonly fault: unknown }>();
  return (resolve) => (source, args, context, info) => {
    const { operation, fragments, variableValues, path } = info;
    // A root type can be returned by a field, too.
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
    return toldError(error);
  }
}
