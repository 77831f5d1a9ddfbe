import { type DocumentNode, type FragmentDefinitionNode, Kind } from 'graphql';

export type Fragments = Readonly<Record<string, FragmentDefinitionNode | undefined>>;

const fragmentsByDocument = new WeakMap<DocumentNode, Fragments>();

/** The fragments of a document by name; the object has no prototype, as a name can be any. */
export function fragmentsOf(document: DocumentNode): Fragments {
  const known = fragmentsByDocument.get(document);
  if (known) return known;
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  fragmentsByDocument.set(document, fragments);
  return fragments;
}
