import type { Selectable, SelectQueryBuilder } from 'kysely';
import type { Store, Tables } from '../tables.ts';
import { ofAccounts } from './owner.ts';

/** The payload that oidc-provider stores for a code, token, session or interaction. */
export type ArtifactPayload = Record<string, unknown>;

/** The browser of a session, at one of its requests. */
export interface SeenBrowser {
  /** The stored part of the `User-Agent` header; null: the stored values of the browser stay. */
  readonly userAgent: string | null;
  /** The browser and the system in words. */
  readonly browser: string;
}

/** A stored artifact. */
export interface Artifact {
  readonly payload: ArtifactPayload;
  /** Milliseconds since the epoch; null: not consumed. */
  readonly consumedAt: number | null;
  /** Milliseconds since the epoch; null: never expires. */
  readonly expiresAt: number | null;
  /** When the browser of a session last used it, in milliseconds since the epoch; null: unknown, or no session. */
  readonly lastSeenAt: number | null;
}

type ArtifactRow = Pick<
  Selectable<Tables['artifacts']>,
  'payload' | 'consumed_at' | 'expires_at' | 'account_id' | 'credential_epoch' | 'last_seen_at'
>;

/**
 * Selects the artifacts of a model. If an artifact belongs to an account, it is selected only if the account is enabled
 * and still in the credential epoch of the artifact.
 */
export function validArtifacts(store: Store, model: string): SelectQueryBuilder<Tables, 'artifacts', ArtifactRow> {
  const all = store
    .selectFrom('artifacts')
    .select(['payload', 'consumed_at', 'expires_at', 'account_id', 'credential_epoch', 'last_seen_at'])
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

/**
 * Reads an artifact from its row.
 *
 * @param identifier the identifier as `jti`, for rows that do not store it
 */
export function readArtifact(row: ArtifactRow, identifier: { jti?: string }): Artifact {
  const epoch = row.account_id !== null && { credentialEpoch: row.credential_epoch };
  const payload = { ...JSON.parse(row.payload), ...identifier, ...epoch };
  return { payload, consumedAt: row.consumed_at, expiresAt: row.expires_at, lastSeenAt: row.last_seen_at };
}
