import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { type Artifact, type ArtifactPayload, readArtifact, type SeenBrowser, validArtifacts } from './artifact.ts';
import { ofAccounts, ownerOf } from './owner.ts';
import { lockForKeyShare } from '../lock.ts';
import type { Store } from '../tables.ts';

/**
 * Returns the form of an identifier in `id_hash` and `uid_hash`. No code or token is stored in clear, but the payload
 * of a session contains its identifier and its uid.
 */
function hash(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}

/** The stored artifacts of one model of oidc-provider. */
export interface Artifacts {
  /**
   * Stores an artifact, or replaces it.
   *
   * @param expiresIn seconds; undefined: never expires
   * @param seen the browser of a session, which is being used. Null: the request is not known, and the stored values
   *   stay. Default: null
   */
  upsert(id: string, payload: ArtifactPayload, expiresIn: number | undefined, seen?: SeenBrowser | null): Promise<void>;
  /** Stores an artifact if its grant still exists. @returns false if the grant was revoked. Then nothing is stored. */
  issue(
    id: string,
    payload: ArtifactPayload & { readonly grantId: string },
    expiresIn: number | undefined,
  ): Promise<boolean>;
  /**
   * Finds an artifact. Does not check its expiry; the caller checks it. An artifact of an account is found only while
   * the account is enabled and in the credential epoch of the artifact.
   */
  find(id: string): Promise<Artifact | undefined>;
  findByUid(uid: string): Promise<Artifact | undefined>;
  /**
   * Marks an artifact as used. @returns false if it was used before or is deleted. Of several callers, only one gets
   * true.
   */
  consume(id: string): Promise<boolean>;
  /** Replaces an artifact. @returns false if there is none. Then nothing is stored. */
  update(id: string, payload: ArtifactPayload, expiresIn: number | undefined): Promise<boolean>;
  /** Deletes an artifact. @returns false if there is none. Of several callers, only one gets true. */
  destroy(id: string): Promise<boolean>;
  destroyByUid(uid: string): Promise<void>;
  /**
   * Deletes an artifact and returns its payload, in one statement. Of several callers, only one gets it.
   *
   * @returns null if there is none, or if it has expired
   */
  take(id: string): Promise<ArtifactPayload | null>;
  /**
   * Moves a session to another credential epoch of its account.
   *
   * @param name the hash of its uid
   * @param newId its new identifier; null: it keeps its identifier
   */
  renew(name: string, credentialEpoch: number, newId: string | null): Promise<void>;
}

/**
 * Returns the artifacts of one model.
 *
 * @param model oidc-provider's name of the model
 * @param now milliseconds since the epoch, for expiry times. Default: the clock
 */
export function artifactsOfModel(store: Store, model: string, now: () => number = Date.now): Artifacts {
  // A session is also found by its uid. The identifier cannot be computed from the uid, so sessions store it.
  const storesId = model === 'Session';
  const rowOf = (payload: ArtifactPayload, expiresIn: number | undefined, seen: SeenBrowser | null = null) => ({
    payload: JSON.stringify({ ...payload, ...(!storesId && { jti: undefined }), credentialEpoch: undefined }),
    grant_id: typeof payload.grantId === 'string' ? payload.grantId : null,
    uid_hash: typeof payload.uid === 'string' ? hash(payload.uid) : null,
    ...(ofAccounts.has(model) && ownerColumns(payload)),
    ...(storesId && { signed_in_at: typeof payload.loginTs === 'number' ? payload.loginTs * 1_000 : null }),
    ...(storesId && seen && { ...browserColumns(seen), last_seen_at: now() }),
    expires_at: expiresIn === undefined ? null : now() + expiresIn * 1_000,
  });
  return {
    async upsert(id, payload, expiresIn, seen = null) {
      const row = rowOf(payload, expiresIn, seen);
      await store
        .insertInto('artifacts')
        .values({ model, id_hash: hash(id), consumed_at: null, ...row })
        .onConflict((conflict) => conflict.columns(['model', 'id_hash']).doUpdateSet(row))
        .execute();
    },

    async issue(id, payload, expiresIn) {
      const row = rowOf(payload, expiresIn);
      // One statement protects the grant from deletion and writes the row. Therefore a revocation either comes before
      // this statement, or waits for it and finds the new row.
      const { numInsertedOrUpdatedRows } = await store
        .insertInto('artifacts')
        .columns(['model', 'id_hash', 'payload', 'grant_id', 'uid_hash', 'expires_at'])
        .expression((eb) =>
          lockForKeyShare(
            store,
            eb
              .selectFrom('grants')
              .select((eb) => [
                eb.val(model).as('model'),
                eb.val(hash(id)).as('id_hash'),
                eb.val(row.payload).as('payload'),
                'grants.id',
                eb.val(row.uid_hash).as('uid_hash'),
                // Without the cast, PostgreSQL treats a selected parameter as text.
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
      const row = await validArtifacts(store, model).where('id_hash', '=', hash(id)).executeTakeFirst();
      return row && readArtifact(row, storesId ? {} : { jti: id });
    },

    async findByUid(uid) {
      const row = await validArtifacts(store, model).where('uid_hash', '=', hash(uid)).executeTakeFirst();
      return row && readArtifact(row, {});
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

    async take(id) {
      const row = await store
        .deleteFrom('artifacts')
        .where('model', '=', model)
        .where('id_hash', '=', hash(id))
        .returning(['payload', 'expires_at'])
        .executeTakeFirst();
      if (!row || (row.expires_at !== null && row.expires_at <= now())) return null;
      return JSON.parse(row.payload);
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

/** The value for an unknown credential epoch. No account has this epoch. */
const noEpoch = -1;

function ownerColumns(payload: ArtifactPayload): { account_id: string | null; credential_epoch: number } {
  const owner = ownerOf(payload);
  return { account_id: owner?.accountId ?? null, credential_epoch: owner?.credentialEpoch ?? noEpoch };
}

/** Returns the columns of a browser. */
export function browserColumns({ userAgent, browser }: SeenBrowser): { user_agent?: string; browser?: string } {
  return userAgent === null ? {} : { user_agent: userAgent, browser };
}
