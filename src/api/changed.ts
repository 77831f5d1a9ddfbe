import type { GraphQLResolveInfo } from 'graphql';
import { type AuditFact, callerOf } from '../audit/facts.ts';
import type { AuditRecorder } from '../audit/recorder.ts';
import { type Changing, unrecordedChanging } from '../audit/writer.ts';
import type { Store } from '../identity/store.ts';
import { verifiedPrincipal } from './request/caller.ts';
import type { ApiContext } from './request/context.ts';

/** Returns the function by which mutations change a record: in one transaction with its audit event, if there is a recorder. */
export function changingIn(store: Store, recorder: AuditRecorder | undefined): Changing {
  return recorder?.changing ?? unrecordedChanging(store);
}

/** Returns the fact of the audit trail that a mutation changed a record. */
export function changed(
  type: AuditFact['type'],
  context: ApiContext,
  { parentType, fieldName }: GraphQLResolveInfo,
  detail: string,
): AuditFact {
  const coordinate = `${parentType.name}.${fieldName}`;
  return { type, outcome: 'allowed', coordinate, rule: null, ...callerOf(verifiedPrincipal(context)), detail };
}
