import type { GraphQLResolveInfo } from 'graphql';
import { type AuditFact, callerOf } from '../audit/facts.ts';
import type { AuditRecorder } from '../audit/recorder.ts';
import { type Changing, unrecordedChanging } from '../audit/writer.ts';
import type { Store } from '../identity/store.ts';
import { verifiedPrincipal } from './request/caller.ts';
import type { ApiContext } from './request/context.ts';

/**
 * Returns the function with which mutations change a record. With a recorder, the change and its audit event are in one
 * transaction.
 */
export function changingIn(store: Store, recorder: AuditRecorder | undefined): Changing {
  return recorder?.changing ?? unrecordedChanging(store);
}

/** Returns the fact for the audit trail about a changed record. */
export function changedFact(
  type: AuditFact['type'],
  context: ApiContext,
  { parentType, fieldName }: GraphQLResolveInfo,
  detail: string,
): AuditFact {
  const coordinate = `${parentType.name}.${fieldName}`;
  return { type, outcome: 'allowed', coordinate, rule: null, ...callerOf(verifiedPrincipal(context)), detail };
}
