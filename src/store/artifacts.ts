import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import { keeping } from './lock.ts';
import type { Store } from './tables.ts';

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

/** The models that stand for somebody's sign-in. */
const belongsToAccount: ReadonlySet<string> = new Set(['Session', 'Interaction']);

/** Who is signed in, has just signed in, or has got beyond a factor. */
function accountOf(payload: ArtifactPayload): string | null {
  const { accountId, session, result } = payload as {
    readonly accountId?: string;
    readonly session?: { readonly accountId?: string };
    readonly result?: {
      readonly login?: { readonly accountId?: string };
      readonly progress?: { readonly accountId?: string };
    };
  }; // As the library, and the pages of a sign-in, write it.
  return result?.login?.accountId ?? result?.progress?.accountId ?? accountId ?? session?.accountId ?? null;
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
  /** Expired artifacts are found as well: the caller judges time. */
  find(id: string): Promise<Artifact | undefined>;
  findByUid(uid: string): Promise<Artifact | undefined>;
  /** Marks as used. @returns false if it was used before or is gone: of any number of callers, one gets true */
  consume(id: string): Promise<boolean>;
  destroy(id: string): Promise<void>;
  destroyByUid(uid: string): Promise<void>;
  destroyByGrant(grantId: string): Promise<void>;
}

/**
 * @param model oidc-provider's name of the model
 * @param now milliseconds since the epoch
 */
export function artifacts(store: Store, model: string, now: () => number): Artifacts {
  // A session is found again by its uid, from which its identifier cannot be restored: it alone keeps it.
  const keepsId = model === 'Session';
  const rowOf = (payload: ArtifactPayload, expiresIn: number | undefined, userAgent: string | null = null) => ({
    payload: JSON.stringify(keepsId ? payload : { ...payload, jti: undefined }),
    grant_id: typeof payload.grantId === 'string' ? payload.grantId : null,
    uid_hash: typeof payload.uid === 'string' ? hash(payload.uid) : null,
    ...(belongsToAccount.has(model) && { account_id: accountOf(payload) }),
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
      const row = await store
        .selectFrom('artifacts')
        .select(['payload', 'consumed_at', 'expires_at'])
        .where('model', '=', model)
        .where('id_hash', '=', hash(id))
        .executeTakeFirst();
      return row && artifact(row, keepsId ? {} : { jti: id });
    },

    async findByUid(uid) {
      const row = await store
        .selectFrom('artifacts')
        .select(['payload', 'consumed_at', 'expires_at'])
        .where('model', '=', model)
        .where('uid_hash', '=', hash(uid))
        .executeTakeFirst();
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

    async destroy(id) {
      await store.deleteFrom('artifacts').where('model', '=', model).where('id_hash', '=', hash(id)).execute();
    },

    async destroyByUid(uid) {
      await store.deleteFrom('artifacts').where('model', '=', model).where('uid_hash', '=', hash(uid)).execute();
    },

    async destroyByGrant(grantId) {
      await store.deleteFrom('artifacts').where('model', '=', model).where('grant_id', '=', grantId).execute();
    },
  };
}

function artifact(
  row: { payload: string; consumed_at: number | null; expires_at: number | null },
  identifier: { jti?: string },
): Artifact {
  const payload = { ...JSON.parse(row.payload), ...identifier };
  return { payload, consumedAt: row.consumed_at, expiresAt: row.expires_at };
}

/** How many expired rows of a table go in one statement, so that no writer waits long. */
const sweepSize = 500;

/** Deletes artifacts and grants that have expired, batch by batch, until none is left. @returns how many rows went */
export async function sweep(store: Store, now: number): Promise<number> {
  let swept = 0;
  for (;;) {
    const artifacts = await sweepArtifacts(store, now);
    const grants = await sweepGrants(store, now);
    swept += artifacts + grants;
    if (artifacts < sweepSize && grants < sweepSize) return swept;
    // SQLite answers in the same turn: others shall have theirs between.
    await setImmediate();
  }
}

async function sweepArtifacts(store: Store, now: number): Promise<number> {
  const { numDeletedRows } = await store
    .deleteFrom('artifacts')
    .where((eb) =>
      eb(
        eb.refTuple('model', 'id_hash'),
        'in',
        eb
          .selectFrom('artifacts')
          .select(['model', 'id_hash'])
          .where('expires_at', '<', now)
          .limit(sweepSize)
          .$asTuple('model', 'id_hash'),
      ),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

async function sweepGrants(store: Store, now: number): Promise<number> {
  const { numDeletedRows } = await store
    .deleteFrom('grants')
    .where('id', 'in', (eb) => eb.selectFrom('grants').select('id').where('expires_at', '<', now).limit(sweepSize))
    .executeTakeFirst();
  return Number(numDeletedRows);
}
