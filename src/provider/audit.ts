import { auditEventKind, type AuditType } from '../audit/event-types.ts';
import type { AuditFact } from '../audit/facts.ts';
import { type Changing, type Recording, unrecordedChanging } from '../audit/writer.ts';
import type { Store } from '../store/tables.ts';

/** The functions that write the audit trail of the authorization server. The defaults write nothing. */
export interface AuditOptions {
  /** Makes a change and writes its facts in one transaction. */
  readonly changing?: Changing;
  /** Does work that one fact records. The first change through `changing` writes the fact. */
  readonly recording?: Recording;
  /** Records a fact that belongs to no change. Must not throw. */
  readonly record?: (fact: AuditFact) => void;
}

/** Returns the function that makes a change in one transaction. If there is an audit trail, it writes the facts too. */
export function changingIn({ store, changing }: { readonly store: Store } & Pick<AuditOptions, 'changing'>): Changing {
  return changing ?? unrecordedChanging(store);
}

/** Returns the function that does work and writes its fact. Without an audit trail, it writes nothing. */
export function recordingIn({ recording }: Pick<AuditOptions, 'recording'>): Recording {
  return recording ?? ((_fact, work) => work());
}

/** Returns a fact about an account and an application. It names no element of the GraphQL schema. */
export function factOf(
  type: AuditType,
  {
    accountId = null,
    clientId = null,
  }: { accountId?: string | null | undefined; clientId?: string | null | undefined },
  detail: string | null,
): AuditFact {
  const { outcome = 'allowed' } = auditEventKind(type);
  return { type, outcome, coordinate: null, rule: null, accountId, clientId, detail };
}
