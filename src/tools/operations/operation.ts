import type { DocumentNode } from 'graphql';
import type { Place } from '../report/fault.ts';

/** One operation of a client, with the fragments that it spreads. */
export interface FoundOperation {
  /** The name of the operation. `null`: it has none. */
  readonly name: string | null;
  /** The hash or identifier in a manifest. `null`: the operation is not from a manifest. */
  readonly id: string | null;
  readonly place: Place;
  /** A document with exactly this operation. */
  readonly document: DocumentNode;
}

/** A document in a file, before its fragments are joined. */
export interface FoundDocument {
  readonly document: DocumentNode;
  readonly id: string | null;
  readonly place: Place;
}

/** Names an operation for people: its name, otherwise its identifier, otherwise its place. */
export function labelOf({ name, id, place }: FoundOperation): string {
  return name ?? id ?? `${place.file}:${place.line ?? 1}`;
}
