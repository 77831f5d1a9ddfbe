// Signs people in at the account page of an authorization server that runs in the process of the test.
import { createAccount } from '../../../src/identity/accounts/accounts.ts';
import type { TestAuthority } from '../../support/authority.ts';
import { hashCheaply } from '../../support/passwords.ts';
import { Person } from '../../support/person.ts';
import type { Account } from '../../support/server.ts';

/** A page of the account, as a browser shows it. */
export type Page = Awaited<ReturnType<Person['follow']>>;

/** A person in a browser in which the account is signed in. */
export interface Visitor {
  readonly person: Person;
  readonly account: Account & { readonly id: string };
  /** Opens a page below `/account`. Follows redirects. */
  open(path?: string, headers?: Record<string, string>): Promise<Page>;
  /** Posts a form of a page, and follows redirects. */
  submit(page: Page, action: string, fields?: Record<string, string>): Promise<Page>;
}

let count = 0;

/** Adds an account. */
export async function addAccount(server: TestAuthority): Promise<Visitor['account']> {
  const email = `person${(count += 1)}@example.com`;
  const password = `the password of ${email}`;
  const passwordHash = await hashCheaply(password);
  const { id } = await createAccount(server.store, { email, passwordHash, roles: [] }, Date.now());
  return { id, email, password };
}

/** Signs an account in at the account page, in a new browser. @param url the address of the account page's server */
export async function visitorOf(
  server: TestAuthority,
  account?: Visitor['account'],
  url: string = server.url,
): Promise<Visitor> {
  const person = new Person();
  const owner = account ?? (await addAccount(server));
  const visitor: Visitor = {
    person,
    account: owner,
    open: async (path = '', headers = {}) => person.follow(await person.get(`${url}/account${path}`, headers), url),
    submit: async (page, action, fields = {}) => person.follow(await person.submit(page, action, fields), url),
  };
  const { email, password } = owner;
  const begun = await person.follow(await person.get(`${server.url}/account`), server.url);
  const signedIn = await person.submit(begun, 'sign-in', { email, password, decision: 'sign-in' });
  await person.follow(signedIn, server.url);
  return visitor;
}
