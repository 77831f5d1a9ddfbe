/** The account that an artifact stands for. */
export interface ArtifactOwner {
  readonly accountId: string;
  /** The credential epoch of the account when it proved itself; null: unknown, which no account has. */
  readonly credentialEpoch: number | null;
}

/** The models that stand for the sign-in of an account. */
export const ofAccounts: ReadonlySet<string> = new Set(['Session', 'Interaction']);

/** As the library, and the pages of a sign-in, write it. */
interface Written {
  readonly accountId?: unknown;
  readonly credentialEpoch?: unknown;
}

/** The account that is signed in, has just signed in, or has passed a factor, by what a payload says; null: no account. */
export function ownerOf(payload: Readonly<Record<string, unknown>>): ArtifactOwner | null {
  const { result, session } = payload as {
    readonly result?: { readonly login?: Written; readonly progress?: Written };
    readonly session?: Written;
  };
  return (
    owner(result?.login) ??
    owner(result?.progress) ??
    owner(payload) ??
    owner(session && { accountId: session.accountId, credentialEpoch: payload['credentialEpoch'] })
  );
}

function owner(written: Written | undefined): ArtifactOwner | null {
  const { accountId, credentialEpoch } = written ?? {};
  if (typeof accountId !== 'string') return null;
  return { accountId, credentialEpoch: typeof credentialEpoch === 'number' ? credentialEpoch : null };
}
