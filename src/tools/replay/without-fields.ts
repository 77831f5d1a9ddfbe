import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  visit,
} from 'graphql';

/**
 * Leaves out root fields of an operation, and the fragments and variables that only they use.
 *
 * @param document - a document with one operation
 * @param isLeftOut - whether a root field is left out, by its coordinate
 * @param roots - the names of the root types
 * @returns null if only `__typename` would be left. The same object if nothing is left out
 */
export function withoutFields(
  document: DocumentNode,
  isLeftOut: (coordinate: string) => boolean,
  roots: Readonly<Record<OperationDefinitionNode['operation'], string>>,
): DocumentNode | null {
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (!operation) return document;
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  const root = roots[operation.operation];
  const changed = new Map<string, FragmentDefinitionNode>();
  const seen = { leftOut: false, left: false };

  /** Returns the selections of a root type that are left. A fragment is changed one time. */
  function left(selections: readonly SelectionNode[]): readonly SelectionNode[] {
    return selections.flatMap((node): readonly SelectionNode[] => {
      if (node.kind === Kind.FIELD) {
        const isOut = isLeftOut(`${root}.${node.name.value}`);
        if (isOut) seen.leftOut = true;
        else if (!node.name.value.startsWith('__')) seen.left = true;
        return isOut ? [] : [node];
      }
      if (node.kind === Kind.INLINE_FRAGMENT) {
        const inside = left(node.selectionSet.selections);
        return inside.length === 0 ? [] : [{ ...node, selectionSet: { ...node.selectionSet, selections: inside } }];
      }
      const fragment = fragments.get(node.name.value);
      if (!fragment) return [node];
      const known = changed.get(node.name.value) ?? fragmentLeft(fragment);
      return known.selectionSet.selections.length === 0 ? [] : [node];
    });
  }

  function fragmentLeft(fragment: FragmentDefinitionNode): FragmentDefinitionNode {
    const selections = left(fragment.selectionSet.selections);
    const made = { ...fragment, selectionSet: { ...fragment.selectionSet, selections } };
    changed.set(fragment.name.value, made);
    return made;
  }

  const selections = left(operation.selectionSet.selections);
  if (!seen.leftOut) return document;
  if (!seen.left) return null;
  const shortened = { ...operation, selectionSet: { ...operation.selectionSet, selections } };
  return used(shortened, (name) => changed.get(name) ?? fragments.get(name));
}

/** Returns the document of an operation with the fragments and variables that it uses. */
function used(
  operation: OperationDefinitionNode,
  fragmentOf: (name: string) => FragmentDefinitionNode | undefined,
): DocumentNode {
  const found = new Set<FragmentDefinitionNode>();
  const variables = new Set<string>();
  const open: DefinitionNode[] = [{ ...operation, variableDefinitions: [] }];
  for (const node of open) {
    visit(node, {
      Variable: ({ name }) => void variables.add(name.value),
      FragmentSpread({ name }) {
        const fragment = fragmentOf(name.value);
        if (!fragment || found.has(fragment)) return;
        found.add(fragment);
        open.push(fragment);
      },
    });
  }
  const variableDefinitions = operation.variableDefinitions?.filter(({ variable }) =>
    variables.has(variable.name.value),
  );
  return {
    kind: Kind.DOCUMENT,
    definitions: [{ ...operation, variableDefinitions: variableDefinitions ?? [] }, ...found],
  };
}
