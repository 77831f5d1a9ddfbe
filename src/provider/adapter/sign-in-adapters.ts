import { type Adapter, type AdapterPayload, errors, Provider } from 'oidc-provider';
import { stands } from '../../identity/sessions/credential-epoch.ts';
import { saveSession } from '../../identity/sessions/save-session.ts';
import { sessionName } from '../../identity/sessions/sessions.ts';
import { ownerOf } from '../../store/artifacts/owner.ts';
import { type ArtifactPayload, artifacts } from '../../store/artifacts/artifacts.ts';
import { isRevoked } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { sessionInHand } from './credential-epoch.ts';
import { notSupported } from './not-supported.ts';
import { changingIn, type Witnesses } from '../audit.ts';
import { userAgentOf } from '../request/user-agent.ts';

interface Options extends Pick<Witnesses, 'changing'> {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What keeps the sessions of browsers. What has ended, or was proven in an earlier credential epoch, is neither kept nor found. */
export function sessionAdapter({ store, now }: Options): Adapter {
  const kept = artifacts(store, 'Session', now);
  const isOver = (uid: unknown) => typeof uid === 'string' && isRevoked(store, 'session', sessionName(uid));
  return {
    async upsert(id, { uid = '', ...rest }, expiresIn) {
      const userAgent = userAgentOf(Provider.ctx?.get('user-agent'));
      await saveSession(store, { id, payload: { ...rest, uid }, expiresIn, userAgent }, now());
    },
    async find(id) {
      const found = await kept.find(id);
      return found && !(await isOver(found.payload['uid'])) ? stored(found.payload) : undefined;
    },
    async findByUid(uid) {
      const found = (await isOver(uid)) ? undefined : await kept.findByUid(uid);
      return found && stored(found.payload);
    },
    async destroy(id) {
      await kept.destroy(id);
    },
    consume: notSupported,
    revokeByGrantId: notSupported,
    findByUserCode: notSupported,
  };
}

/**
 * What keeps sign-ins that are under way. The result of one is used once. What an account has proven is written only in a
 * transaction in which the account is still in that credential epoch, and found only while it is.
 */
export function interactionAdapter(options: Options): Adapter {
  const { store, now } = options;
  return {
    async upsert(id, given, expiresIn) {
      // Where the library begins one, the session in hand says in which epoch its account signed in.
      const payload: ArtifactPayload = { credentialEpoch: sessionInHand()?.credentialEpoch, ...given };
      const owner = ownerOf(payload);
      const make = async (transaction: Store): Promise<boolean> => {
        if (owner && !(await stands(transaction, owner.accountId, owner.credentialEpoch))) return false;
        const kept = artifacts(transaction, 'Interaction', now);
        // A result belongs to what was begun and not finished: one that was used is gone, and does not come back.
        if (given['result'] !== undefined) return kept.update(id, payload, expiresIn);
        await kept.upsert(id, payload, expiresIn);
        return true;
      };
      // It says nothing of its own; a sign-in is told of with its result (sign-in.ts).
      const isKept = await changingIn(options)(make, (isMade) => (isMade ? [] : null));
      if (!isKept) throw new errors.SessionNotFound('the sign-in was finished, or is not good any more');
    },
    async find(id) {
      const found = await artifacts(store, 'Interaction', now).find(id);
      return found && stored(found.payload);
    },
    async destroy(id) {
      if (await artifacts(store, 'Interaction', now).destroy(id)) return;
      throw new errors.SessionNotFound('the sign-in was finished before');
    },
    consume: notSupported,
    revokeByGrantId: notSupported,
    findByUid: notSupported,
    findByUserCode: notSupported,
  };
}

/** What oidc-provider stored, it knows to read. */
function stored(payload: ArtifactPayload): AdapterPayload {
  return payload;
}
