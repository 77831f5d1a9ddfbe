import {
  type FieldNode,
  type FragmentSpreadNode,
  type InlineFragmentNode,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/**
 * Creates a function that returns the response names of wanted fields in a selection set of the root type. Fields in
 * fragments count too. The function stops after two names. It visits each set once for the whole document, from the
 * inside out. Therefore the work is linear in the document and does not grow with the number of spreads.
 */
export function createResponseNames(
  context: ValidationContext,
  isWanted: (field: FieldNode) => boolean,
): (root: SelectionSetNode) => ReadonlySet<string> {
  const known = new Map<SelectionSetNode, ReadonlySet<string>>();
  const entered = new Set<SelectionSetNode>();

  const inside = (selection: FragmentSpreadNode | InlineFragmentNode): SelectionSetNode | undefined =>
    selection.kind === Kind.INLINE_FRAGMENT
      ? selection.selectionSet
      : context.getFragment(selection.name.value)?.selectionSet;

  function collect({ selections }: SelectionSetNode): ReadonlySet<string> {
    const names = new Set<string>();
    for (const selection of selections) {
      if (names.size > 1) break;
      if (selection.kind !== Kind.FIELD) {
        const set = inside(selection);
        // A set without an entry in `known` spreads itself. Another rule refuses this document.
        for (const name of (set && known.get(set)) ?? []) names.add(name);
      } else if (isWanted(selection)) {
        names.add((selection.alias ?? selection.name).value);
      }
    }
    return names;
  }

  return (root) => {
    const open = [root];
    for (let set = open.at(-1); set; set = open.at(-1)) {
      if (known.has(set) || entered.has(set)) {
        open.pop();
        if (!known.has(set)) known.set(set, collect(set));
        continue;
      }
      entered.add(set);
      for (const selection of set.selections) {
        const below = selection.kind === Kind.FIELD ? undefined : inside(selection);
        if (below && !entered.has(below)) open.push(below);
      }
    }
    return known.get(root) ?? new Set();
  };
}
