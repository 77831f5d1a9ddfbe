import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { ClaimgateError } from '../../errors.ts';
import { among } from '../../store/many.ts';
import type { Store, Tables } from '../../store/tables.ts';
import { inOrder, type Page, type PageOf, pageOfAll } from '../../store/pages.ts';
import { passwordMatches } from './password-hash.ts';

/** The account of a person. */
export interface Account {
  readonly id: string;
  /** In the form of `normalizeEmail`. */
  readonly email: string;
  readonly roles: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** A disabled account cannot sign in, and its grants get no tokens. */
  readonly disabled: boolean;
}

/** An account that has authenticated. */
export interface ProvenAccount extends Account {
  /** The credential epoch in which it authenticated. In a later epoch, the authentication is not accepted. */
  readonly credentialEpoch: number;
}

/** Returns the account with this ID, disabled or not; null if there is no such account. */
export async function findAccount(store: Store, id: string): Promise<Account | null> {
  const [account = null] = await findAccounts(store, [id]);
  return account;
}

/** Returns the accounts with these IDs, in the order of `ids`; null for an ID without an account. */
export async function findAccounts(store: Store, ids: readonly string[]): Promise<(Account | null)[]> {
  const rows = await store
    .selectFrom('accounts')
    .selectAll()
    .where(among(store, 'id', ids))
    .execute();
  return inOrder(ids, rows.map(account));
}

/** Returns the account with this email address, disabled or not; null if there is no such account. */
export async function findAccountByEmail(store: Store, email: string): Promise<Account | null> {
  const row = await store
    .selectFrom('accounts')
    .selectAll()
    .where('email', '=', normalizeEmail(email))
    .executeTakeFirst();
  return row ? account(row) : null;
}

/**
 * Returns one page of all accounts, newest first.
 *
 * @param email returns only the account with this address. Default: all accounts
 */
export function listAccounts(store: Store, page: Page, email?: string): Promise<PageOf<Account>> {
  const where = email === undefined ? {} : { email: normalizeEmail(email) };
  return pageOfAll(store, 'accounts', where, page, account);
}

/**
 * Returns the account with this email address and password. Does not limit attempts; `createAttempts` limits them.
 *
 * @returns null for an unknown address, a wrong password or a disabled account. All three take the same time.
 */
export async function authenticate(store: Store, email: string, password: string): Promise<ProvenAccount | null> {
  const row = await store
    .selectFrom('accounts')
    .selectAll()
    .where('email', '=', normalizeEmail(email))
    .executeTakeFirst();
  const matches = await passwordMatches(password, row?.password_hash);
  return row && matches && row.disabled_at === null ? proven(row) : null;
}

/** Returns the account with this ID; null if it does not exist, is disabled, or has another credential epoch. */
export async function findProven(store: Store, id: string, credentialEpoch: number): Promise<ProvenAccount | null> {
  const row = await store
    .selectFrom('accounts')
    .selectAll()
    .where('id', '=', id)
    .where('credential_epoch', '=', credentialEpoch)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  return row ? proven(row) : null;
}

/** Returns the ID of the account with this email address, disabled or not; null if there is no such account. */
export async function accountIdByEmail(store: Store, email: string): Promise<string | null> {
  const row = await store
    .selectFrom('accounts')
    .select('id')
    .where('email', '=', normalizeEmail(email))
    .executeTakeFirst();
  return row?.id ?? null;
}

/**
 * Creates an account. Does not check the fields; `checkedEmail`, `checkedPassword` and `checkedRoles` check them.
 *
 * @param passwordHash from `hashPassword`
 * @param now milliseconds since the epoch
 * @throws ClaimgateError `CONFLICT` if the email address is taken
 */
export async function createAccount(
  store: Store,
  fields: { readonly email: string; readonly passwordHash: string; readonly roles: readonly string[] },
  now: number,
): Promise<Account> {
  const row = {
    id: randomUUID(),
    email: normalizeEmail(fields.email),
    password_hash: fields.passwordHash,
    roles: JSON.stringify(fields.roles),
    created_at: now,
    disabled_at: null,
  };
  const { numInsertedOrUpdatedRows } = await store
    .insertInto('accounts')
    .values(row)
    .onConflict((conflict) => conflict.column('email').doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 0n) {
    throw new ClaimgateError('CONFLICT', 'email: there is an account with this address.');
  }
  return account(row);
}

/**
 * Returns the form of an email address that is stored and compared: trimmed, NFC, in lower case. Mail providers ignore
 * case. Therefore addresses that differ only in case belong to one account.
 */
export function normalizeEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

function proven(row: Selectable<Tables['accounts']>): ProvenAccount {
  return { ...account(row), credentialEpoch: row.credential_epoch };
}

function account(row: Omit<Selectable<Tables['accounts']>, 'credential_epoch'>): Account {
  return {
    id: row.id,
    email: row.email,
    roles: JSON.parse(row.roles),
    createdAt: row.created_at,
    disabled: row.disabled_at !== null,
  };
}
