import type { ResponsePath } from 'graphql';
import type { Variables } from './conditions.ts';
import { includedFields } from './included-fields.ts';
import type { PlannedField, Selections } from './plan.ts';

/**
 * Finds the planned fields at a response path. GraphQL merges fields with the same response key, so one path can have
 * several fields.
 */
export type SelectedFields = (path: ResponsePath) => readonly PlannedField[];

/** The fields at one path. The path has no list indices. */
interface PathNode {
  readonly fields: readonly PlannedField[];
  /** Returns the fields that are selected under these fields, by response key. */
  readonly selected: () => ReadonlyMap<string, readonly PlannedField[]>;
  /** The nodes below, by parent type and response key. */
  readonly children: Map<string, PathNode>;
}

/** Makes the function that finds the planned fields at the paths of one execution. */
export function followPaths(root: Selections, variables: Variables): SelectedFields {
  const rootNode = makeNode([], [root]);

  function makeNode(fields: readonly PlannedField[], selections: readonly Selections[]): PathNode {
    let selected: ReadonlyMap<string, readonly PlannedField[]> | undefined;
    return {
      fields,
      selected: () => (selected ??= Map.groupBy(includedFields(selections, variables), (field) => field.responseKey)),
      children: new Map(),
    };
  }

  function nodeAt(path: ResponsePath): PathNode {
    if (typeof path.key === 'number') return path.prev ? nodeAt(path.prev) : rootNode;
    const above = path.prev ? nodeAt(path.prev) : rootNode;
    const key = `${path.typename} ${path.key}`;
    const known = above.children.get(key);
    if (known) return known;
    const fields = (above.selected().get(path.key) ?? []).filter(({ parent }) =>
      parent.possible.some((type) => type.name === path.typename),
    );
    const node = makeNode(
      fields,
      fields.flatMap((field) => field.selections ?? []),
    );
    above.children.set(key, node);
    return node;
  }

  return (path) => nodeAt(path).fields;
}
