import type { ResponsePath } from 'graphql';
import type { Variables } from './conditions.ts';
import { includedFields } from './included-fields.ts';
import type { PlannedField, Selections } from './plan.ts';

/** Finds what the document selects at a path, as it named it there. */
export type SelectedFields = (path: ResponsePath) => readonly PlannedField[];

interface Branch {
  /** What is selected under these fields, by response key; grouped when first asked for. */
  readonly children: () => ReadonlyMap<string, readonly PlannedField[]>;
  readonly fields: readonly PlannedField[];
  /** The branches under it, by parent type and response key. */
  readonly branches: Map<string, Branch>;
}

/** Follows the paths of one execution through its plan: each branch is made once, when it is first taken. */
export function followPaths(root: Selections, variables: Variables): SelectedFields {
  const trunk = grow([], [root]);

  function grow(fields: readonly PlannedField[], selections: readonly Selections[]): Branch {
    let children: ReadonlyMap<string, readonly PlannedField[]> | undefined;
    return {
      fields,
      children: () => (children ??= Map.groupBy(includedFields(selections, variables), (field) => field.responseKey)),
      branches: new Map(),
    };
  }

  function branchAt(path: ResponsePath): Branch {
    if (typeof path.key === 'number') return path.prev ? branchAt(path.prev) : trunk;
    const above = path.prev ? branchAt(path.prev) : trunk;
    const key = `${path.typename} ${path.key}`;
    const known = above.branches.get(key);
    if (known) return known;
    const fields = (above.children().get(path.key) ?? []).filter(({ parent }) =>
      parent.possible.some((type) => type.name === path.typename),
    );
    const branch = grow(
      fields,
      fields.flatMap((field) => field.selections ?? []),
    );
    above.branches.set(key, branch);
    return branch;
  }

  return (path) => branchAt(path).fields;
}
