import type { SigningAlgorithm } from '../../protocol/keys/algorithms.ts';
import type { Sealer } from '../../store/connections/sealing.ts';
import { sendNotice } from '../../store/notices.ts';
import type { Store } from '../../store/tables.ts';
import { inTransaction } from '../../store/transaction.ts';
import { addSigningKey, listSigningKeys, newSigningKey, type SigningKey, signingAt } from './signing-keys.ts';

/**
 * Within this time, every process that can reach the database knows a new key, in milliseconds. A new key should not
 * sign earlier, unless the signing key is withdrawn.
 */
export const knownWithinMs = 2_000;

/** How keys are made and replaced. */
export interface KeySettings {
  readonly algorithm: SigningAlgorithm;
  /** Encrypts private parts; null: they are stored in clear. */
  readonly sealer: Sealer | null;
  /**
   * How long a key stays published after it stops signing, in milliseconds. Its last token expires within this time.
   */
  readonly retiredForMs: number;
}

/** One replacement of the signing key. */
export interface KeyRotation {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /**
   * How long the new key is published before it signs, in milliseconds. 0: it signs at once. Verifiers that do not know
   * the key yet reject its signatures.
   */
  readonly publishedForMs: number;
  /** Whether the signing key is withdrawn: its signatures are rejected, and the new key signs at once. Default: false. */
  readonly withdraw?: boolean;
  /**
   * The keys are rotated only if the signing key will be older than this when the new key starts to sign. In
   * milliseconds. Default: always rotates.
   */
  readonly ifOlderThanMs?: number;
}

/** `rotated`. `pending`: a published key already waits to sign. `young`: the signing key is not old enough. */
export type RotationResult =
  | { readonly is: 'rotated'; readonly key: SigningKey }
  | { readonly is: 'pending'; readonly key: SigningKey }
  | { readonly is: 'young' };

/**
 * Publishes a new key, which replaces the signing key later, or at once. The times of both keys are stored, so no
 * second step is needed. If several processes rotate at the same time, one process makes a key. The other processes
 * find this key.
 *
 * If a published key already waits to sign, no key is made. With `ifOlderThanMs`, the time of the waiting key stays.
 * Otherwise the waiting key signs at the requested time if this is earlier.
 */
export async function rotateSigningKey(
  store: Store,
  settings: KeySettings,
  rotation: KeyRotation,
): Promise<RotationResult> {
  const { now, withdraw = false, ifOlderThanMs } = rotation;
  const publishedForMs = withdraw ? 0 : rotation.publishedForMs;
  const signsFrom = now + publishedForMs;
  const made = await newSigningKey(settings.algorithm, now, signsFrom);
  return inTransaction(store, async (transaction) => {
    // Other rotations wait here. Every process reads the keys when this number changes.
    await changeKeysVersion(transaction);
    const keys = await listSigningKeys(transaction);
    const signing = signingAt(keys, now);
    const waiting = keys.find((key) => key.signsFrom > now && key.kid !== signing?.kid && key.publishedUntil === null);
    if (waiting && (ifOlderThanMs !== undefined || waiting.signsFrom <= signsFrom))
      return { is: 'pending', key: waiting };
    if (ifOlderThanMs !== undefined && signing && signsFrom - signing.signsFrom < ifOlderThanMs) return { is: 'young' };

    if (waiting)
      await transaction
        .updateTable('signing_keys')
        .set({ signs_from: signsFrom })
        .where('kid', '=', waiting.kid)
        .execute();
    else await addSigningKey(transaction, made, settings.sealer);
    const next = waiting ? { ...waiting, signsFrom } : made;
    await transaction
      .updateTable('signing_keys')
      .set({ published_until: next.signsFrom + settings.retiredForMs })
      .where('kid', '!=', next.kid)
      .where('published_until', 'is', null)
      .execute();
    if (withdraw && signing) {
      await transaction
        .updateTable('signing_keys')
        .set({ published_until: now, jwk: '' })
        .where('kid', '=', signing.kid)
        .execute();
    }
    await sendNotice(transaction, 'signing_keys');
    return { is: 'rotated', key: next };
  });
}

/** Returns the detail of a rotation for the audit trail. */
export function rotationDetail({ key }: { readonly key: SigningKey }): string {
  return `${key.alg} key ${key.kid}, which signs from ${new Date(key.signsFrom).toISOString()}`;
}

/**
 * Makes every process read the signing keys and the cookie key again. Other callers wait until the transaction ends.
 */
export async function changeKeysVersion(transaction: Store): Promise<void> {
  await transaction
    .updateTable('counters')
    .set((eb) => ({ value: eb('value', '+', 1) }))
    .where('name', '=', 'signing_keys')
    .execute();
}

/** Returns the version of the signing keys and the cookie key. Each process reads it every second. */
export async function keysVersion(store: Store): Promise<number> {
  const { value } = await store
    .selectFrom('counters')
    .select('value')
    .where('name', '=', 'signing_keys')
    .executeTakeFirstOrThrow();
  return value;
}

/**
 * Deletes the private parts of keys that are no longer published.
 *
 * @param now milliseconds since the epoch
 * @returns how many private parts were deleted
 */
export async function forgetWithdrawnKeys(store: Store, now: number): Promise<number> {
  const { numUpdatedRows } = await store
    .updateTable('signing_keys')
    .set({ jwk: '' })
    .where('published_until', '<=', now)
    .where('jwk', '!=', '')
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
