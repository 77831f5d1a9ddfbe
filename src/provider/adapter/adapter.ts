import { type Adapter, type AdapterPayload, type ClientMetadata, errors } from 'oidc-provider';
import { findApplicationWithSecret } from '../../identity/applications/applications.ts';
import { usableKeys } from '../../identity/applications/client-keys.ts';
import { stands } from '../../identity/sessions/credential-epoch.ts';
import { grantPayload, saveGrant } from '../../identity/grants/grants.ts';
import { endOldestGrants } from '../../identity/grants/oldest-grants.ts';
import type { SigningAlgorithm } from '../../identity/keys/signing-keys.ts';
import { type ArtifactPayload, artifacts } from '../../store/artifacts/artifacts.ts';
import { isRevoked } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { inTransaction } from '../../store/transaction.ts';
import { forgetUsed } from '../../store/artifacts/used.ts';
import { clientMetadata } from '../registration/client-metadata.ts';
import { type Proven, sessionInHand } from './credential-epoch.ts';
import { endGrant } from './endings.ts';
import { notSupported } from './not-supported.ts';
import { changingIn, factOf, type Witnesses } from '../audit.ts';
import { interactionAdapter, sessionAdapter } from './sign-in-adapters.ts';
import { scopeTokens } from '../../protocol/scope.ts';

/** Clock and database of the authorization server. */
export interface AdapterOptions extends Pick<Witnesses, 'changing'> {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** What ID tokens are signed with. */
  readonly algorithm: SigningAlgorithm;
  /** How long a refresh token that comes again is only refused, in seconds. */
  readonly grace: number;
  /** When the request that is being answered arrived, in milliseconds since the epoch. Default: `now`. */
  readonly arrivedAt?: () => number;
  /** Who is signed in in the session for which a code is issued. Default: what the library has in hand. */
  readonly signedIn?: () => Proven | undefined;
}

/** What each of oidc-provider's models is kept by: clients and grants are our own subjects, the rest are artifacts. */
export function adapterFactory(options: AdapterOptions): (model: string) => Adapter {
  return (model) => {
    if (model === 'Client') return clientAdapter(options);
    if (model === 'Grant') return grantAdapter(options);
    if (model === 'Session') return sessionAdapter(options);
    if (model === 'Interaction') return interactionAdapter(options);
    return artifactAdapter(options, model);
  };
}

/** How long a second use of a code counts as a race and not as a theft, in milliseconds. */
const raceWindow = 2_000;

/** How many used refresh tokens of a grant are kept, and with every how many rotations of one the others are deleted. */
const mostUsed = 1_000;
const forgetEvery = 64;

/** Models whose artifacts live by their grant. */
const issuedUnderGrant = new Set(['AuthorizationCode', 'RefreshToken', 'AccessToken']);

function artifactAdapter(options: AdapterOptions, model: string): Adapter {
  const { store, now, grace, arrivedAt = now, signedIn = sessionInHand } = options;
  const kept = artifacts(store, model, now);
  /** For how long the library shall not see that it was used, in milliseconds: it would revoke the grant. */
  const blindFor = model === 'AuthorizationCode' ? raceWindow : model === 'RefreshToken' ? grace * 1_000 : 0;
  const consumable = blindFor > 0 || model === 'PushedAuthorizationRequest';
  const payload = (found: ArtifactPayload, consumedAt: number | null) =>
    // What oidc-provider stored, it knows to read.
    ({ ...found, ...(consumedAt !== null && { consumed: Math.floor(consumedAt / 1_000) }) }) as AdapterPayload;
  /** Does something for the session in hand, in one transaction, in which its account still stands. */
  const asSignedIn = (work: (transaction: Store) => Promise<void>) =>
    inTransaction(store, async (transaction) => {
      const { accountId = '', credentialEpoch } = signedIn() ?? {};
      if (!(await stands(transaction, accountId, credentialEpoch)))
        throw new errors.LoginRequired('the sign-in has ended');
      await work(transaction);
    });
  return {
    async upsert(id, given, expiresIn) {
      const { grantId } = given;
      if (grantId === undefined || !issuedUnderGrant.has(model)) return kept.upsert(id, { ...given }, expiresIn);
      const issue = async (to: Store) => {
        // A revocation may have overtaken this.
        const isIssued = await artifacts(to, model, now).issue(id, { ...given, grantId }, expiresIn);
        if (!isIssued) throw new errors.InvalidGrant('grant not found');
        // Used ones show that one came again. A client that renews all the time keeps the last of them.
        const rotations = given['rotations'];
        if (typeof rotations === 'number' && rotations % forgetEvery === 0)
          await forgetUsed(to, model, grantId, mostUsed);
      };
      return model === 'AuthorizationCode' ? asSignedIn(issue) : issue(store);
    },

    async find(id) {
      const found = await kept.find(id);
      if (!found) return undefined;
      const { consumedAt, expiresAt } = found;
      if (consumable && expiresAt !== null && expiresAt <= now()) {
        // What was once seen to have expired is gone, so that no clock that is set back revives it.
        await kept.destroy(id);
        return undefined;
      }
      // The library revokes the grant when it finds a consumed code, which in a race would take the winner's tokens with it.
      // To whoever comes this soon it looks unused: every check is made, it can be revoked, and `consume` refuses it.
      // Neither does a clock that was set back make it look so: what was used at another time was not used just now.
      const racing = consumedAt !== null && Math.abs(arrivedAt() - consumedAt) < blindFor;
      return payload(found.payload, racing ? null : consumedAt);
    },

    async consume(id) {
      // The library ignores what this returns and goes on to issue: only throwing keeps the second one from its tokens.
      if (await kept.consume(id)) return;
      throw model === 'PushedAuthorizationRequest'
        ? new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used')
        : new errors.InvalidGrant('already used');
    },

    async destroy(id) {
      await kept.destroy(id);
    },
    // With its grant, which the library always ends along: all in one transaction, or nothing (endings.ts).
    async revokeByGrantId() {},
    findByUid: notSupported,
    findByUserCode: notSupported,
  };
}

function grantAdapter(options: AdapterOptions): Adapter {
  const { store, now } = options;
  const changing = changingIn(options);
  return {
    async upsert(id, { credentialEpoch, ...payload }, expiresIn) {
      const { accountId, clientId } = payload;
      // Its types do not say that this maps resource indicators to scope strings.
      const resources = (payload.resources ?? {}) as Readonly<Record<string, string>>;
      if (!accountId || !clientId || !expiresIn)
        throw new TypeError('A grant needs an account, a client and a lifetime');
      // The answer of a consent page may come again when its grant was revoked: no grant comes back.
      if (await isRevoked(store, 'grant', id)) throw new errors.InvalidGrant('the grant was revoked');
      const grant = {
        id,
        accountId,
        applicationId: clientId,
        scopes: Object.values(resources).flatMap(scopeTokens),
        expiresAt: now() + expiresIn * 1_000,
        payload,
      };
      const make = async (transaction: Store) => {
        const epoch = typeof credentialEpoch === 'number' ? credentialEpoch : null;
        if (!(await stands(transaction, accountId, epoch))) throw new errors.SessionNotFound('the sign-in has ended');
        await saveGrant(transaction, grant, now());
        return endOldestGrants(transaction, accountId, now());
      };
      await changing(make, (ended) => [
        factOf('grant_given', { accountId, clientId }, `grant ${id}`),
        ...ended.map((one) =>
          factOf(
            'grant_revoked',
            { accountId, clientId: one.applicationId },
            `grant ${one.id}, the oldest of too many`,
          ),
        ),
      ]);
    },
    find: (id) => grantPayload(store, id),
    destroy: (id) => endGrant(options, id),
    consume: notSupported,
    revokeByGrantId: notSupported,
    findByUid: notSupported,
    findByUserCode: notSupported,
  };
}

function clientAdapter({ store, algorithm }: AdapterOptions): Adapter {
  return {
    async find(id) {
      const found = await findApplicationWithSecret(store, id);
      if (!found) return undefined;
      const { application, secretHash } = found;
      const metadata: ClientMetadata = {
        ...clientMetadata({ ...application, keys: application.keys && usableKeys(application.keys) }),
        id_token_signed_response_alg: algorithm,
        // Not the secret, which nobody has: what it is compared with (client.ts).
        ...(secretHash !== null && { client_secret: secretHash }),
      };
      return metadata;
    },
    upsert: notSupported,
    destroy: notSupported,
    consume: notSupported,
    revokeByGrantId: notSupported,
    findByUid: notSupported,
    findByUserCode: notSupported,
  };
}
