import { callerDocument } from '../../../documents/caller.ts';
import { identityNames } from '../../../documents/identity-names.ts';
import { decodeJwt } from '../tokens/encoding.ts';
import type { Api } from '../tokens/api.ts';
import { textOfOthers } from '../text.ts';
import type { IssuedTokens } from '../tokens/token-mutations.ts';

/**
 * Returns the name of the person: the email address of the account, or the subject. It is a text for display only.
 *
 * @param prefix - the prefix of the names of the identity API. It may be empty
 * @param mayRead - whether the token may read the account. If not, the API is not asked: it would record a denial
 * @param known - the name of another caller with the same subject. It is used if the account cannot be read
 */
export async function nameOf(
  { accessToken, idToken }: IssuedTokens,
  api: Api,
  { prefix, mayRead, known }: { readonly prefix: string; readonly mayRead: boolean; readonly known: string | null },
): Promise<string> {
  const document = callerDocument(identityNames(prefix));
  // The schema may have no accounts, and the token may not be allowed to read the account.
  const data = mayRead ? await api.send(document, {}, `Bearer ${accessToken}`).catch(() => null) : null;
  const viewer = data?.['viewer'] as { account?: { email?: unknown } | null } | null | undefined;
  const claims = idToken === null ? null : decodeJwt(idToken)?.claims;
  const subject = decodeJwt(accessToken)?.claims['sub'] ?? claims?.['sub'];
  return (
    textOfOthers(viewer?.account?.email, 254) ||
    textOfOthers(claims?.['email'], 254) ||
    known ||
    textOfOthers(subject, 100) ||
    'Signed in'
  );
}

/** The largest number of scopes that a label names. */
const maxScopesInLabel = 2;

/** Returns the label of a caller: the name, and the scopes if another caller has this label already. */
export function distinctLabel(name: string, scopes: readonly string[], taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  const inWords =
    scopes.length === 0
      ? 'no scopes'
      : scopes.length <= maxScopesInLabel
        ? textOfOthers(scopes.join(' '), 100)
        : `${scopes.length} scopes`;
  const label = `${name} (${inWords})`;
  for (let number = 2; ; number += 1) {
    const numbered = number === 2 ? label : `${label} ${number - 1}`;
    if (!taken.includes(numbered)) return numbered;
  }
}
