import type { GraphQLResolveInfo } from 'graphql';
import type { AuditFact } from '../identity/audit.ts';
import { callerOf } from '../identity/audit-recorder.ts';
import { verifiedPrincipal } from './caller.ts';
import type { ApiContext } from './context.ts';

/** The fact that a mutation changed something, for the audit trail. */
export function changed(
  type: AuditFact['type'],
  context: ApiContext,
  { parentType, fieldName }: GraphQLResolveInfo,
  detail: string,
): AuditFact {
  const coordinate = `${parentType.name}.${fieldName}`;
  return { type, outcome: 'allowed', coordinate, rule: null, ...callerOf(verifiedPrincipal(context)), detail };
}
