import { type Adapter, type AdapterPayload, errors, Provider } from 'oidc-provider';
import { isInCredentialEpoch } from '../../identity/sessions/credential-epoch.ts';
import { saveSession } from '../../identity/sessions/save-session.ts';
import { noteSight, sessionName, sightIntervalMs } from '../../identity/sessions/sessions.ts';
import { ownerOf } from '../../store/artifacts/owner.ts';
import type { Artifact, ArtifactPayload } from '../../store/artifacts/artifact.ts';
import { artifactsOfModel } from '../../store/artifacts/artifacts.ts';
import { isRevoked } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { accountOfSession } from './credential-epoch.ts';
import { notSupported } from './not-supported.ts';
import { changingIn, type AuditOptions } from '../audit.ts';
import { seenBrowser } from '../request/user-agent.ts';

interface SignInAdapterOptions extends Pick<AuditOptions, 'changing'> {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Returns the adapter of browser sessions. A session is neither stored nor found if it has ended, if its account is
 * disabled, or if the account authenticated in an earlier credential epoch.
 */
export function sessionAdapter({ store, now }: SignInAdapterOptions): Adapter {
  const sessions = artifactsOfModel(store, 'Session', now);
  /** Stores that the browser of an account uses its session. Most requests store nothing. */
  async function sight({ payload: { uid, accountId }, lastSeenAt }: Artifact): Promise<void> {
    if (typeof uid !== 'string' || accountId === undefined) return;
    if (lastSeenAt === null || lastSeenAt <= now() - sightIntervalMs) await noteSight(store, sessionName(uid), now());
  }
  const hasEnded = (uid: unknown) => typeof uid === 'string' && isRevoked(store, 'session', sessionName(uid));
  return {
    async upsert(id, { uid = '', ...rest }, expiresIn) {
      const seen = Provider.ctx ? seenBrowser(Provider.ctx.headers) : null;
      await saveSession(store, { id, payload: { ...rest, uid }, expiresIn, seen }, now());
    },
    async find(id) {
      const found = await sessions.find(id);
      if (!found || (await hasEnded(found.payload['uid']))) return undefined;
      await sight(found);
      return libraryPayload(found.payload);
    },
    async findByUid(uid) {
      const found = (await hasEnded(uid)) ? undefined : await sessions.findByUid(uid);
      return found && libraryPayload(found.payload);
    },
    async destroy(id) {
      await sessions.destroy(id);
    },
    consume: notSupported,
    revokeByGrantId: notSupported,
    findByUserCode: notSupported,
  };
}

/**
 * Returns the adapter of interactions, which are unfinished sign-ins. The result of a sign-in can be used only once. If
 * an account has authenticated, the interaction is stored and found only in the credential epoch of the authentication.
 */
export function interactionAdapter(options: SignInAdapterOptions): Adapter {
  const { store, now } = options;
  return {
    async upsert(id, members, expiresIn) {
      // A new interaction takes the credential epoch of the session.
      const payload: ArtifactPayload = { credentialEpoch: accountOfSession()?.credentialEpoch, ...members };
      const owner = ownerOf(payload);
      const save = async (transaction: Store): Promise<boolean> => {
        if (owner && !(await isInCredentialEpoch(transaction, owner.accountId, owner.credentialEpoch))) return false;
        const interactions = artifactsOfModel(transaction, 'Interaction', now);
        // A used interaction is deleted and must not be stored again. Therefore a result is only added to an existing
        // interaction.
        if (members['result'] !== undefined) return interactions.update(id, payload, expiresIn);
        await interactions.upsert(id, payload, expiresIn);
        return true;
      };
      // This change writes no fact. The fact of a sign-in is written with its result (sign-in.ts).
      const isStored = await changingIn(options)(save, (isSaved) => (isSaved ? [] : null));
      if (!isStored) throw new errors.SessionNotFound('the sign-in was finished, or is no longer valid');
    },
    async find(id) {
      const found = await artifactsOfModel(store, 'Interaction', now).find(id);
      return found && libraryPayload(found.payload);
    },
    async destroy(id) {
      if (await artifactsOfModel(store, 'Interaction', now).destroy(id)) return;
      throw new errors.SessionNotFound('the sign-in was finished before');
    },
    consume: notSupported,
    revokeByGrantId: notSupported,
    findByUid: notSupported,
    findByUserCode: notSupported,
  };
}

/** Gives a payload the type of the library, which wrote it. */
function libraryPayload(payload: ArtifactPayload): AdapterPayload {
  return payload;
}
