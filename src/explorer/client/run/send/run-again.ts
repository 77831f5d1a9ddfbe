import type { Operation } from '../answers/answer.ts';
import { selectOperation } from './operation-kind.ts';

/** What the page would run now. */
export interface InEditor {
  /** The ID of the active tab. */
  readonly tab: string;
  readonly document: string;
  readonly operationName: string | null | undefined;
}

/**
 * Whether the page may run an operation again by itself, after a sign-in that took minutes. The page runs what the editor
 * holds. Therefore this must still be the operation of the run: the person may have changed the tab or the text, or may
 * have opened a link. A mutation never runs again by itself.
 *
 * @param run - the operation of the run, and its tab
 */
export function mayRunAgain(run: { readonly tab: string; readonly operation: Operation }, now: InEditor): boolean {
  if (run.operation.kind === 'mutation' || run.tab !== now.tab || run.operation.query !== now.document) return false;
  const selected = selectOperation(now.document, now.operationName);
  return selected.kind === run.operation.kind && selected.operationName === run.operation.operationName;
}
