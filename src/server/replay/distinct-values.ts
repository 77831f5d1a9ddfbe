import { Kind, print, type ValueNode } from 'graphql';

/**
 * Makes a function that keeps one of the equal items of a list. For all lists of a document together, the work is linear in
 * the document, however deep they are nested.
 */
export function createDistinct(): (values: readonly ValueNode[]) => readonly ValueNode[] {
  const idOf = createValueIds();
  return (values) => (values.length < 2 ? values : [...new Map(values.map((value) => [idOf(value), value])).values()]);
}

/** Makes the function that gives equal values one number. */
function createValueIds(): (value: ValueNode) => number {
  const idOfText = new Map<string, number>();
  const known = new WeakMap<ValueNode, number>();
  const textOf = (value: ValueNode): string => {
    if (value.kind === Kind.LIST) return `[${value.values.map(idOf).join()}]`;
    if (value.kind !== Kind.OBJECT) return print(value);
    return `{${value.fields.map((field) => `${field.name.value}:${idOf(field.value)}`).join()}}`;
  };
  function idOf(value: ValueNode): number {
    const found = known.get(value);
    if (found !== undefined) return found;
    const text = textOf(value);
    const id = idOfText.get(text) ?? idOfText.size;
    idOfText.set(text, id);
    known.set(value, id);
    return id;
  }
  return idOf;
}
