import type { SigningAlgorithm } from '../../protocol/algorithms.ts';
import type { Sealer } from '../../store/connections/sealing.ts';
import { notify } from '../../store/notices.ts';
import type { Store } from '../../store/tables.ts';
import { inTransaction } from '../../store/transaction.ts';
import { addSigningKey, listSigningKeys, newSigningKey, type SigningKey, signingAt } from './signing-keys.ts';

/** Within this time every process that serves hears of a new key, in milliseconds: none should sign sooner. */
export const heardWithin = 2_000;

/** How keys are made and replaced. */
export interface KeySettings {
  readonly algorithm: SigningAlgorithm;
  /** Encrypts private halves; null: they are kept in clear. */
  readonly sealer: Sealer | null;
  /** For how long a key stays published once it signs no more, in milliseconds: until the last thing that it signed has run out. */
  readonly retiredFor: number;
}

export interface Rotation {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** For how long the new key is published before it signs, in milliseconds; 0: it signs at once, and whoever has not heard of it refuses. */
  readonly publishedFor: number;
  /** The key that signs now is not to be trusted any more: what it signed is refused, and the new key signs at once. Default: no. */
  readonly withdraw?: boolean;
  /** Only if the newest key is older than this, in milliseconds, by the time it signs. Default: whatever its age. */
  readonly ifOlderThan?: number;
}

/** `pending`: a key is published already and waits to sign; `young`: the newest is not old enough. */
export type RotationResult =
  | { readonly is: 'rotated'; readonly key: SigningKey }
  | { readonly is: 'pending'; readonly key: SigningKey }
  | { readonly is: 'young' };

/**
 * Publishes a new key, which signs later and then replaces the present one; or lets it sign at once. Of several processes that
 * do it at the same time one does, and the others find that it is done. Everything follows from the times in the table: there is
 * no second step that could be missing.
 *
 * Where a key waits to sign already, nothing is made: that one signs at the earlier of its time and the one asked for.
 */
export async function rotateSigningKey(
  store: Store,
  settings: KeySettings,
  rotation: Rotation,
): Promise<RotationResult> {
  const { now, withdraw = false, ifOlderThan } = rotation;
  const publishedFor = withdraw ? 0 : rotation.publishedFor;
  const signsFrom = now + publishedFor;
  const made = await newSigningKey(settings.algorithm, now, signsFrom);
  return inTransaction(store, async (transaction) => {
    // Whoever comes at the same time waits here. The number tells every process that something has changed.
    await changeKeysVersion(transaction);
    const keys = await listSigningKeys(transaction);
    const signing = signingAt(keys, now);
    const waiting = keys.find((key) => key.signsFrom > now && key.kid !== signing?.kid && key.publishedUntil === null);
    if (waiting && (ifOlderThan !== undefined || waiting.signsFrom <= signsFrom))
      return { is: 'pending', key: waiting };
    if (ifOlderThan !== undefined && signing && signsFrom - signing.signsFrom < ifOlderThan) return { is: 'young' };

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
      .set({ published_until: next.signsFrom + settings.retiredFor })
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
    await notify(transaction, 'signing_keys');
    return { is: 'rotated', key: next };
  });
}

/** What the audit trail says of a rotation. */
export function rotationDetail({ key }: { readonly key: SigningKey }): string {
  return `${key.alg} key ${key.kid}, which signs from ${new Date(key.signsFrom).toISOString()}`;
}

/** Lets every process read the keys again, for signing and for cookies. Another that calls this waits until the transaction ends. */
export async function changeKeysVersion(transaction: Store): Promise<void> {
  await transaction
    .updateTable('counters')
    .set((eb) => ({ value: eb('value', '+', 1) }))
    .where('name', '=', 'signing_keys')
    .execute();
}

/** A number that changes whenever the keys do, those for signing or the one for cookies: what each process looks at every second. */
export async function keysVersion(store: Store): Promise<number> {
  const { value } = await store
    .selectFrom('counters')
    .select('value')
    .where('name', '=', 'signing_keys')
    .executeTakeFirstOrThrow();
  return value;
}

/** Forgets the private halves of keys that are published no more. @param now milliseconds since the epoch */
export async function forgetWithdrawnKeys(store: Store, now: number): Promise<number> {
  const { numUpdatedRows } = await store
    .updateTable('signing_keys')
    .set({ jwk: '' })
    .where('published_until', '<=', now)
    .where('jwk', '!=', '')
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
