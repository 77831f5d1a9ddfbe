import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import { isInCredentialEpoch } from '../../identity/sessions/credential-epoch.ts';
import type { ArtifactPayload } from '../../store/artifacts/artifact.ts';
import { artifactsOfModel } from '../../store/artifacts/artifacts.ts';
import { forgetUsed } from '../../store/artifacts/used-artifacts.ts';
import type { Store } from '../../store/tables.ts';
import { inTransaction } from '../../store/transaction.ts';
import { accountOfSession } from './credential-epoch.ts';
import { notSupported } from './not-supported.ts';
import type { AdapterOptions } from './options.ts';

/** If a code is used twice within this time, the second use counts as a race and not as a theft. In milliseconds. */
const raceWindowMs = 2_000;

/** How many used refresh tokens of a grant stay stored after a cleanup. */
const maxUsedTokens = 1_000;
/** Each time a refresh token has been rotated this many times, used tokens beyond `maxUsedTokens` are deleted. */
const rotationsPerCleanup = 64;

/** Models whose artifacts end with their grant. */
const issuedUnderGrant = new Set(['AuthorizationCode', 'RefreshToken', 'AccessToken']);

/**
 * Returns the adapter of codes, tokens and pushed requests, and of every model without its own adapter.
 *
 * @param model the library's name of the model
 */
export function artifactAdapter(options: AdapterOptions, model: string): Adapter {
  const { store, now, refreshGraceSeconds, arrivedAt = now, signedIn = accountOfSession } = options;
  const stored = artifactsOfModel(store, model, now);
  /**
   * How long the use of an artifact is hidden from the library, in milliseconds. If the library finds a used artifact,
   * it revokes the grant.
   */
  const hiddenUseMs =
    model === 'AuthorizationCode' ? raceWindowMs : model === 'RefreshToken' ? refreshGraceSeconds * 1_000 : 0;
  const isConsumable = hiddenUseMs > 0 || model === 'PushedAuthorizationRequest';
  const payloadOf = (found: ArtifactPayload, consumedAt: number | null) =>
    // oidc-provider wrote the payload itself.
    ({ ...found, ...(consumedAt !== null && { consumed: Math.floor(consumedAt / 1_000) }) }) as AdapterPayload;
  /**
   * Does work in a transaction. Throws if no account is signed in, if it is disabled, or if its credential epoch has
   * changed.
   */
  const asSignedIn = (work: (transaction: Store) => Promise<void>) =>
    inTransaction(store, async (transaction) => {
      const { accountId = '', credentialEpoch } = signedIn() ?? {};
      if (!(await isInCredentialEpoch(transaction, accountId, credentialEpoch)))
        throw new errors.LoginRequired('the sign-in has ended');
      await work(transaction);
    });
  return {
    async upsert(id, payload, expiresIn) {
      const { grantId } = payload;
      if (grantId === undefined || !issuedUnderGrant.has(model)) return stored.upsert(id, { ...payload }, expiresIn);
      const issue = async (to: Store) => {
        // The grant may have been revoked since the library read it.
        const isIssued = await artifactsOfModel(to, model, now).issue(id, { ...payload, grantId }, expiresIn);
        if (!isIssued) throw new errors.InvalidGrant('grant not found');
        // A used token stays stored. Therefore the server recognizes it when it is sent again. If a client refreshes
        // often, only the newest used tokens of the grant stay.
        const rotations = payload['rotations'];
        if (typeof rotations === 'number' && rotations % rotationsPerCleanup === 0)
          await forgetUsed(to, model, grantId, maxUsedTokens);
      };
      return model === 'AuthorizationCode' ? asSignedIn(issue) : issue(store);
    },

    async find(id) {
      const found = await stored.find(id);
      if (!found) return undefined;
      const { consumedAt, expiresAt } = found;
      if (isConsumable && expiresAt !== null && expiresAt <= now()) {
        // The expired artifact is deleted. Otherwise it would be valid again if the clock is set back.
        await stored.destroy(id);
        return undefined;
      }
      // When the library finds a consumed code, it revokes the grant. In a race, this would revoke the tokens of the
      // first request. Therefore a second request that arrives soon finds the code unused. It passes every check, and
      // then `consume` rejects it. `Math.abs`: after the clock was set back, a use long ago is not a race.
      const isRace = consumedAt !== null && Math.abs(arrivedAt() - consumedAt) < hiddenUseMs;
      return payloadOf(found.payload, isRace ? null : consumedAt);
    },

    async consume(id) {
      // The library ignores the return value and issues tokens. Only an error prevents a second use.
      if (await stored.consume(id)) return;
      throw model === 'PushedAuthorizationRequest'
        ? new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used')
        : new errors.InvalidGrant('already used');
    },

    async destroy(id) {
      await stored.destroy(id);
    },
    // The library also ends the grant. This ends all artifacts of the grant in one transaction (endings.ts).
    async revokeByGrantId() {},
    findByUid: notSupported,
    findByUserCode: notSupported,
  };
}
