import type { OperationDefinitionNode } from 'graphql';
import { createStamps } from '../../protocol/stamps.ts';
import { toExecutionError } from '../decide/denial-error.ts';
import { checkSelectionDepth } from '../plan/selection-depth.ts';
import type { Resolver } from './guard.ts';

/**
 * Makes a function that puts the check before the resolver of a root field. The check runs only one time for each
 * execution.
 */
export function createDepthGuard(): (resolve: Resolver) => Resolver {
  const checked = createStamps<{ readonly operation: OperationDefinitionNode; readonly fault: unknown }>();
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
