/** How the server treats documents: whether only trusted ones run, and whether this page may send others with a token. */
export interface TrustedMode {
  readonly only: boolean;
  /** Whether a caller who signed in on this page may send every document. */
  readonly isFree: boolean;
}

/** Is shown beside what the rules allow, because they do not decide alone. */
export const onlyTrusted = 'Only trusted documents run here.';

/** Says which documents run, for the pane. */
export function trustedSentence({ only, isFree }: TrustedMode): string {
  if (!only) return 'This server runs every document. Clients can send these documents by their IDs.';
  const rule = 'This server runs only the documents of its clients, without a change, and introspection.';
  return isFree ? `${rule} A caller who signs in on this page may run every document.` : rule;
}

/** The advice beside an answer that refuses a document. */
export function notTrustedAdvice({ isFree }: TrustedMode): string {
  const choose = 'Choose one in the pane "Trusted documents", and run it without a change.';
  return isFree ? `${choose} Or sign in on this page, to run every document.` : choose;
}

/** Whether an answer refuses a document because it is not trusted. */
export function isNotTrusted(result: unknown): boolean {
  const { errors } = Object(result ?? {}) as { readonly errors?: unknown };
  if (!Array.isArray(errors)) return false;
  return errors.some((error: unknown) => {
    const { extensions } = Object(error ?? {}) as { readonly extensions?: unknown };
    return (Object(extensions ?? {}) as { readonly code?: unknown }).code === 'QUERY_NOT_IN_SAFELIST';
  });
}
