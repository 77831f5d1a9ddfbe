import { type Adapter, errors } from 'oidc-provider';
import { grantPayload, saveGrant } from '../../identity/grants/grants.ts';
import { endOldestGrants } from '../../identity/grants/oldest-grants.ts';
import { isInCredentialEpoch } from '../../identity/sessions/credential-epoch.ts';
import { scopeTokens } from '../../protocol/scope.ts';
import type { Store } from '../../store/tables.ts';
import { isRevoked } from '../../store/token/revocations.ts';
import { changingIn, factOf } from '../audit.ts';
import { endGrant } from './endings.ts';
import { notSupported } from './not-supported.ts';
import type { AdapterOptions } from './options.ts';

/** Returns the adapter of grants. It writes the audit facts of each change in the transaction of the change. */
export function grantAdapter(options: AdapterOptions): Adapter {
  const { store, now } = options;
  const changing = changingIn(options);
  return {
    async upsert(id, { credentialEpoch, ...payload }, expiresIn) {
      const { accountId, clientId } = payload;
      // Maps resource indicators to scope strings. The types of the library do not have this member.
      const resources = (payload.resources ?? {}) as Readonly<Record<string, string>>;
      if (!accountId || !clientId || !expiresIn)
        throw new TypeError('A grant needs an account, a client and a lifetime');
      // The browser may send the consent form again after the grant was revoked. A revoked grant stays revoked.
      if (await isRevoked(store, 'grant', id)) throw new errors.InvalidGrant('the grant was revoked');
      const grant = {
        id,
        accountId,
        applicationId: clientId,
        scopes: Object.values(resources).flatMap(scopeTokens),
        expiresAt: now() + expiresIn * 1_000,
        payload,
      };
      const save = async (transaction: Store) => {
        const epoch = typeof credentialEpoch === 'number' ? credentialEpoch : null;
        if (!(await isInCredentialEpoch(transaction, accountId, epoch)))
          throw new errors.SessionNotFound('the sign-in has ended');
        await saveGrant(transaction, grant, now());
        return endOldestGrants(transaction, accountId, now());
      };
      await changing(save, (ended) => [
        factOf('grant_given', { accountId, clientId }, `grant ${id}`),
        ...ended.map((oldest) =>
          factOf(
            'grant_revoked',
            { accountId, clientId: oldest.applicationId },
            `grant ${oldest.id}, the oldest of too many`,
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
