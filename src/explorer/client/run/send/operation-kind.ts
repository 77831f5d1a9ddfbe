import { Kind, parse } from 'graphql';
import type { Operation } from '../answers/answer.ts';

/** The operation of a document that a request selects. */
export interface SelectedOperation {
  readonly kind: Operation['kind'];
  /** Absent if the document has one operation without a name, or if the name is not known. */
  readonly operationName?: string;
  readonly isUnread?: true;
}

/**
 * Selects an operation of a document. GraphiQL reads the names in the editor only after a pause in typing. Therefore a
 * name that the document does not have is replaced by the name of its only operation.
 *
 * A document that cannot be parsed counts as a mutation, because a mutation is never sent twice.
 */
export function selectOperation(document: string, name: string | null | undefined): SelectedOperation {
  const unknown: SelectedOperation = { kind: 'mutation', isUnread: true, ...(name && { operationName: name }) };
  try {
    const operations = parse(document, { noLocation: true }).definitions.filter(
      (definition) => definition.kind === Kind.OPERATION_DEFINITION,
    );
    const named = operations.find((operation) => name && operation.name?.value === name);
    const selected = named ?? (operations.length === 1 ? operations[0] : undefined);
    if (!selected) return unknown;
    return { kind: selected.operation, ...(selected.name && { operationName: selected.name.value }) };
  } catch {
    return unknown;
  }
}
