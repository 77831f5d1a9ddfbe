import { firstPartyClientId } from '../../identity/applications/first-party.ts';
import { isRecord } from '../../protocol/record.ts';
import { shown } from '../../protocol/shown.ts';

/** How long the token endpoint may take to answer, in milliseconds. */
const timeoutMs = 15_000;

/** The authorization code of a sign-in of `claimgate sign-in`, and what the exchange needs besides. */
interface ReceivedCode {
  readonly code: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
}

/**
 * Exchanges an authorization code for an access token (RFC 6749 §4.1.3). The reason of a failure has neither the code nor
 * a token.
 */
export async function accessTokenFor(
  endpoint: URL,
  { code, codeVerifier, redirectUri }: ReceivedCode,
): Promise<{ readonly ok: true; readonly accessToken: string } | { readonly ok: false; readonly reason: string }> {
  const form = {
    grant_type: 'authorization_code',
    client_id: firstPartyClientId,
    code,
    code_verifier: codeVerifier,
    redirect_uri: redirectUri,
  };
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      redirect: 'error',
      body: new URLSearchParams(form),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer: unknown = await response.json();
    const { access_token: accessToken, error } = isRecord(answer) ? answer : {};
    if (response.ok && typeof accessToken === 'string') return { ok: true, accessToken };
    const reason = typeof error === 'string' ? shown(error) : 'an answer without a token';
    return { ok: false, reason: `the token endpoint answered ${response.status}, ${reason}; sign in again` };
  } catch {
    return { ok: false, reason: `the token endpoint ${endpoint.href} did not answer; is the server still running?` };
  }
}
