import { hash } from 'node:crypto';
import { errors, Provider } from 'oidc-provider';
import { findApplicationWithSecret } from '../../identity/applications/applications.ts';
import { isUnvetted } from '../../identity/applications/first-party.ts';
import { secretMatches } from '../../identity/keys/secrets.ts';
import { storedReplays } from '../../store/token/replays.ts';
import type { Store } from '../../store/tables.ts';
import type { ProviderOptions } from '../options.ts';

/**
 * Changes how the library authenticates clients:
 *
 * - A client secret is compared with the stored hash.
 * - If the grant type of a token request is not registered for the client, the answer is `unauthorized_client`.
 * - Each client assertion and DPoP proof is accepted only once by all processes together.
 */
export function adaptClients(provider: Provider, { store }: Pick<ProviderOptions, 'store'>): void {
  const { prototype } = provider.Client;
  // The adapter returns the hash of the secret in its place (client-adapter.ts).
  prototype.compareClientSecret = function compareClientSecret(this: { clientSecret?: string }, secret) {
    return this.clientSecret !== undefined && secretMatches(secret, this.clientSecret);
  };

  prototype.grantTypeAllowed = function grantTypeAllowed(this: { grantTypes?: string[] }, type) {
    const isAllowed = this.grantTypes?.includes(type) ?? false;
    const { ctx } = Provider;
    // RFC 6749 §5.2. The library would answer `invalid_request`.
    if (!isAllowed && ctx?.oidc.route === 'token' && ctx.oidc.params?.grant_type === type) {
      throw new errors.UnauthorizedClient('this grant type is not among those of the client');
    }
    return isAllowed;
  };

  // RFC 7523 §3 (7), RFC 9449 §11.1. The library would look the identifier up first and store it later. Then two
  // requests with one identifier could pass.
  const replays = storedReplays(store);
  provider.ReplayDetection.unique = async (issuer, identifier, expiresAt) =>
    replays.add(
      replayName(issuer, identifier),
      Math.ceil((expiresAt + iatWindowSeconds + maxClockDriftSeconds) * 1_000),
    );
}

/**
 * How much the `iat` of a DPoP proof may differ from the present time. The library passes an expiry that is this long
 * after the use of the proof. But a proof with an `iat` in the future can be accepted for twice as long. Therefore this
 * time is added to the expiry.
 */
const iatWindowSeconds = 300;

/** How much the clocks of two processes on one database may differ. */
const maxClockDriftSeconds = 60;

/** How long a client assertion may be valid. Its identifier is stored until it expires. */
const maxAssertionSeconds = 24 * 60 * 60;
/**
 * How long a client assertion may be valid if the client registered itself without a token. Therefore rows of callers
 * without an account are stored only for minutes.
 */
const maxUnvettedAssertionSeconds = 10 * 60;

/**
 * Rejects a client assertion that expires too far in the future (RFC 7523 §3 (4)) or never expires. Rejects an assertion
 * that may have been used between a backup and its restore, because the database does not know these. Does not verify
 * the signature or check whether the assertion has expired; the library does both before.
 *
 * @param situation.now milliseconds since the epoch
 * @param situation.isUnvetted whether the client registered itself without a token
 * @param situation.restoredAt when the database was restored, in milliseconds since the epoch; null: never
 * @throws errors.InvalidClientAuth
 */
export function checkAssertionLifetime(
  { exp, iat }: Readonly<Record<string, unknown>>,
  {
    now,
    isUnvetted,
    restoredAt,
  }: { readonly now: number; readonly isUnvetted: boolean; readonly restoredAt: number | null },
): void {
  const maxSeconds = isUnvetted ? maxUnvettedAssertionSeconds : maxAssertionSeconds;
  if (typeof exp !== 'number' || exp > now / 1_000 + maxSeconds)
    throw new errors.InvalidClientAuth('assertion expires too late');
  if (restoredAt === null) return;
  const restoredSeconds = restoredAt / 1_000;
  const isMadeLater = typeof iat === 'number' && iat > restoredSeconds + maxClockDriftSeconds;
  // Before the restore, an assertion with this expiry would have been rejected.
  const isExpiringLater = exp > restoredSeconds + maxSeconds;
  if (isMadeLater || isExpiringLater) return;
  throw new errors.InvalidClientAuth('assertion may have been used before the database was restored: make a new one');
}

/** Whether a client registered itself without a token. */
export async function isUnvettedClient(store: Store, clientId: string): Promise<boolean> {
  const found = await findApplicationWithSecret(store, clientId);
  return found !== null && isUnvetted(found.application);
}

/**
 * Returns the name under which an assertion or proof is stored. Different pairs have different names, because JSON
 * separates the two parts. The prefix distinguishes these names from the names of proofs for our API.
 */
function replayName(issuer: string, identifier: string): string {
  return hash('sha256', JSON.stringify(['authorization server', issuer, identifier]), 'base64url');
}
