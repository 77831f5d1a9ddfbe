import { type DocumentNode, type FragmentDefinitionNode, Kind } from 'graphql';

/** The fragments of a document, by name. */
export type Fragments = Readonly<Record<string, FragmentDefinitionNode | undefined>>;

const none: Fragments = Object.freeze(Object.create(null) as Fragments);

const fragmentsByDocument = new WeakMap<DocumentNode, Fragments>();

/**
 * Returns the fragments of a document. The result has no prototype, because a fragment may have a name such as
 * `toString`. Further calls for one document return the same object.
 */
export function fragmentsOf(document: DocumentNode): Fragments {
  const { definitions } = document;
  // Most documents are one operation. They share one object, which takes no memory for each of them.
  if (definitions.length === 1 && definitions[0]?.kind !== Kind.FRAGMENT_DEFINITION) return none;
  const known = fragmentsByDocument.get(document);
  if (known) return known;
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  fragmentsByDocument.set(document, fragments);
  return fragments;
}
