import { identityNames } from '../../identity-names.ts';
import { decodeJwt } from '../tokens/encoding.ts';
import type { Api } from '../tokens/api.ts';
import { textOfOthers } from '../text.ts';
import type { IssuedTokens } from '../tokens/token-mutations.ts';

/**
 * Returns a label for the caller: the email address of the account, or the subject. It is a text for display only.
 *
 * @param prefix - the prefix of the names of the identity API. It may be empty
 */
export async function labelOf({ accessToken, idToken }: IssuedTokens, api: Api, prefix: string): Promise<string> {
  const document = `query ExplorerCaller { viewer: ${identityNames(prefix).field('viewer')} { account { email } } }`;
  // The schema may have no accounts, and the token may not be allowed to read the account.
  const data = await api.send(document, {}, `Bearer ${accessToken}`).catch(() => null);
  const viewer = data?.['viewer'] as { account?: { email?: unknown } | null } | null | undefined;
  const claims = idToken === null ? null : decodeJwt(idToken)?.claims;
  const subject = decodeJwt(accessToken)?.claims['sub'] ?? claims?.['sub'];
  return (
    textOfOthers(viewer?.account?.email, 254) ||
    textOfOthers(claims?.['email'], 254) ||
    textOfOthers(subject, 100) ||
    'Signed in'
  );
}
