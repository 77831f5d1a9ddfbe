/** The account that an artifact belongs to. */
export interface ArtifactOwner {
  readonly accountId: string;
  /** The credential epoch in which the account authenticated; null: unknown. Then no account matches. */
  readonly credentialEpoch: number | null;
}

/** The models whose artifacts may belong to an account. */
export const ofAccounts: ReadonlySet<string> = new Set(['Session', 'Interaction']);

/** The account in a payload, as oidc-provider and the sign-in pages write it. */
interface WrittenOwner {
  readonly accountId?: unknown;
  readonly credentialEpoch?: unknown;
}

/**
 * Returns the account in a payload: the account that is signed in, has just signed in, or has passed a factor of a
 * sign-in. Null: no account.
 */
export function ownerOf(payload: Readonly<Record<string, unknown>>): ArtifactOwner | null {
  const { result, session } = payload as {
    readonly result?: { readonly login?: WrittenOwner; readonly progress?: WrittenOwner };
    readonly session?: WrittenOwner;
  };
  return (
    owner(result?.login) ??
    owner(result?.progress) ??
    owner(payload) ??
    owner(session && { accountId: session.accountId, credentialEpoch: payload['credentialEpoch'] })
  );
}

function owner(written: WrittenOwner | undefined): ArtifactOwner | null {
  const { accountId, credentialEpoch } = written ?? {};
  if (typeof accountId !== 'string') return null;
  return { accountId, credentialEpoch: typeof credentialEpoch === 'number' ? credentialEpoch : null };
}
