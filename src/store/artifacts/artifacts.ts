import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { ofAccounts, ownerOf } from './owner.ts';
import { keeping } from '../lock.ts';
import type { Store } from '../tables.ts';

/** What oidc-provider keeps of a code, token, session or interaction. */
export type ArtifactPayload = Record<string, unknown>;

interface Artifact {
  readonly payload: ArtifactPayload;
  /** Milliseconds since the epoch, or null where it was never consumed. */
  readonly consumedAt: number | null;
  /** Milliseconds since the epoch, or null where it never expires. */
  readonly expiresAt: number | null;
}

/** The name under which an identifier is stored: no code, token or uid is kept in clear. */
function hash(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}

/** Artifacts of one model of oidc-provider. */
export interface Artifacts {
  /**
   * @param expiresIn seconds; undefined: never
   * @param userAgent of a session: what its browser calls itself. Default: as it was
   */
  upsert(id: string, payload: ArtifactPayload, expiresIn: number | undefined, userAgent?: string | null): Promise<void>;
  /** As `upsert`, if the grant that the payload names is still there. @returns false if it was revoked: then nothing is kept */
  issue(
    id: string,
    payload: ArtifactPayload & { readonly grantId: string },
    expiresIn: number | undefined,
  ): Promise<boolean>;
  /**
   * Expired artifacts are found as well: the caller judges time. What stands for an account is found only while the account is
   * enabled and in the credential epoch in which it proved itself.
   */
  find(id: string): Promise<Artifact | undefined>;
  findByUid(uid: string): Promise<Artifact | undefined>;
  /** Marks as used. @returns false if it was used before or is gone: of any number of callers, one gets true */
  consume(id: string): Promise<boolean>;
  /** Changes what is there, as `upsert` would write it. @returns false if there is none: then nothing is kept */
  update(id: string, payload: ArtifactPayload, expiresIn: number | undefined): Promise<boolean>;
  /** @returns false if there is none: of any number of callers, one gets true */
  destroy(id: string): Promise<boolean>;
  destroyByUid(uid: string): Promise<void>;
  /**
   * Moves a session to another credential epoch of its account.
   *
   * @param name the hash of its uid
   * @param newId its new identifier; null: the one it has
   */
  renew(name: string, credentialEpoch: number, newId: string | null): Promise<void>;
}

/**
 * @param model oidc-provider's name of the model
 * @param now milliseconds since the epoch, for what expires. Default: the clock
 */
export function artifacts(store: Store, model: string, now: () => number = Date.now): Artifacts {
  // A session is found again by its uid, from which its identifier cannot be restored: it alone keeps it.
  const keepsId = model === 'Session';
  const rowOf = (payload: ArtifactPayload, expiresIn: number | undefined, userAgent: string | null = null) => ({
    payload: JSON.stringify({ ...payload, ...(!keepsId && { jti: undefined }), credentialEpoch: undefined }),
    grant_id: typeof payload.grantId === 'string' ? payload.grantId : null,
    uid_hash: typeof payload.uid === 'string' ? hash(payload.uid) : null,
    ...(ofAccounts.has(model) && ownerColumns(payload)),
    ...(keepsId && { signed_in_at: typeof payload.loginTs === 'number' ? payload.loginTs * 1_000 : null }),
    ...(userAgent !== null && keepsId && { user_agent: userAgent }),
    expires_at: expiresIn === undefined ? null : now() + expiresIn * 1_000,
  });
  return {
    async upsert(id, payload, expiresIn, userAgent = null) {
      const row = rowOf(payload, expiresIn, userAgent);
      await store
        .insertInto('artifacts')
        .values({ model, id_hash: hash(id), consumed_at: null, ...row })
        .onConflict((conflict) => conflict.columns(['model', 'id_hash']).doUpdateSet(row))
        .execute();
    },

    async issue(id, payload, expiresIn) {
      const row = rowOf(payload, expiresIn);
      // One statement that keeps the grant, so that a revocation comes before it, or waits and finds what it wrote.
      const { numInsertedOrUpdatedRows } = await store
        .insertInto('artifacts')
        .columns(['model', 'id_hash', 'payload', 'grant_id', 'uid_hash', 'expires_at'])
        .expression((eb) =>
          keeping(
            store,
            eb
              .selectFrom('grants')
              .select((eb) => [
                eb.val(model).as('model'),
                eb.val(hash(id)).as('id_hash'),
                eb.val(row.payload).as('payload'),
                'grants.id',
                eb.val(row.uid_hash).as('uid_hash'),
                // In a list of selected values PostgreSQL takes a parameter for text.
                sql<number>`cast(${row.expires_at} as bigint)`.as('expires_at'),
              ])
              .where('grants.id', '=', payload.grantId),
          ),
        )
        .onConflict((conflict) => conflict.columns(['model', 'id_hash']).doUpdateSet(row))
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    },

    async find(id) {
      const row = await standing(store, model).where('id_hash', '=', hash(id)).executeTakeFirst();
      return row && artifact(row, keepsId ? {} : { jti: id });
    },

    async findByUid(uid) {
      const row = await standing(store, model).where('uid_hash', '=', hash(uid)).executeTakeFirst();
      return row && artifact(row, {});
    },

    async consume(id) {
      const { numUpdatedRows } = await store
        .updateTable('artifacts')
        .set({ consumed_at: now() })
        .where('model', '=', model)
        .where('id_hash', '=', hash(id))
        .where('consumed_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    async update(id, payload, expiresIn) {
      const { numUpdatedRows } = await store
        .updateTable('artifacts')
        .set(rowOf(payload, expiresIn))
        .where('model', '=', model)
        .where('id_hash', '=', hash(id))
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    async destroy(id) {
      const { numDeletedRows } = await store
        .deleteFrom('artifacts')
        .where('model', '=', model)
        .where('id_hash', '=', hash(id))
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },

    async destroyByUid(uid) {
      await store.deleteFrom('artifacts').where('model', '=', model).where('uid_hash', '=', hash(uid)).execute();
    },

    async renew(name, credentialEpoch, newId) {
      const session = () => ({ model, uid_hash: name });
      const row = await store
        .selectFrom('artifacts')
        .select('payload')
        .where((eb) => eb.and(session()))
        .executeTakeFirst();
      if (!row) return;
      const payload = JSON.stringify({ ...JSON.parse(row.payload), ...(newId !== null && { jti: newId }) });
      await store
        .updateTable('artifacts')
        .set({ credential_epoch: credentialEpoch, payload, ...(newId !== null && { id_hash: hash(newId) }) })
        .where((eb) => eb.and(session()))
        .execute();
    },
  };
}

/** No account has this epoch. */
const noEpoch = -1;

function ownerColumns(payload: ArtifactPayload): { account_id: string | null; credential_epoch: number } {
  const owner = ownerOf(payload);
  return { account_id: owner?.accountId ?? null, credential_epoch: owner?.credentialEpoch ?? noEpoch };
}

/** The artifacts of a model, of accounts only those that still stand. */
function standing(store: Store, model: string) {
  const all = store
    .selectFrom('artifacts')
    .select(['payload', 'consumed_at', 'expires_at', 'account_id', 'credential_epoch'])
    .where('model', '=', model);
  if (!ofAccounts.has(model)) return all;
  return all.where((eb) =>
    eb.or([
      eb('account_id', 'is', null),
      eb.exists(
        eb
          .selectFrom('accounts')
          .select('accounts.id')
          .whereRef('accounts.id', '=', 'artifacts.account_id')
          .whereRef('accounts.credential_epoch', '=', 'artifacts.credential_epoch')
          .where('accounts.disabled_at', 'is', null),
      ),
    ]),
  );
}

function artifact(
  row: {
    payload: string;
    consumed_at: number | null;
    expires_at: number | null;
    account_id: string | null;
    credential_epoch: number;
  },
  identifier: { jti?: string },
): Artifact {
  const epoch = row.account_id !== null && { credentialEpoch: row.credential_epoch };
  const payload = { ...JSON.parse(row.payload), ...identifier, ...epoch };
  return { payload, consumedAt: row.consumed_at, expiresAt: row.expires_at };
}
