/** An event of the audit trail, as the API sends it. */
export interface AuditEvent {
  readonly id: string;
  readonly at: string;
  readonly count: number;
  readonly type: string;
  readonly outcome: string;
  readonly coordinate: string | null;
  readonly rule: string | null;
  readonly clientId: string | null;
  readonly detail: string | null;
  /** Absent if the token has no scope to see accounts. */
  readonly account?: { readonly id: string; readonly email: string } | null;
}

/** Returns the number in the global ID of an event. Later events have greater numbers. 0: the ID has no number. */
export function numberOf(id: string): number {
  try {
    return Number(/:(\d{1,15})$/.exec(atob(id.replaceAll('-', '+').replaceAll('_', '/')))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Whether filters apply to an event. */
export function matches(
  event: AuditEvent,
  filters: { readonly type: string; readonly coordinate: string; readonly client: string; readonly account: string },
): boolean {
  return (
    (filters.type === '' || filters.type === event.type) &&
    (filters.coordinate === '' || filters.coordinate === event.coordinate) &&
    (filters.client === '' || filters.client === event.clientId) &&
    (filters.account === '' || filters.account === event.account?.id)
  );
}
