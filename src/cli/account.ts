import { checkedEmail, checkedPassword, checkedRoles, madeUpPassword } from '../identity/accounts/checked-fields.ts';
import { resetPassword } from '../identity/accounts/password-change.ts';
import { disableAccount, enableAccount } from '../identity/accounts/disabling.ts';
import { type Account, createAccount, listAccounts } from '../identity/accounts/accounts.ts';
import { hashPassword } from '../identity/accounts/password-hash.ts';
import { setRoles } from '../identity/accounts/roles.ts';
import { administer, type Tasks } from './administer.ts';
import { accountNamed, everyPage, existing } from './lookup.ts';
import { Misuse } from './misuse.ts';
import { readPassword } from './secret.ts';

const tasks: Tasks = {
  list: {
    options: { email: { type: 'string' } },
    async task({ store, printer }, { words, option }) {
      words();
      for await (const accounts of everyPage((page) => listAccounts(store, page, option('email')))) {
        for (const account of accounts) printer.row(recordOf(account));
      }
    },
  },

  create: {
    options: { role: { type: 'string', multiple: true }, password: { type: 'boolean' } },
    async task({ catalogue, printer, changing, now }, { words, options, flag }) {
      const email = checkedEmail(words('EMAIL')[0]);
      const roles = checkedRoles(options('role') ?? [], catalogue);
      const password = await newPassword(!flag('password'));
      const passwordHash = await hashPassword(password.text);
      const account = await changing(
        (transaction) => createAccount(transaction, { email, roles, passwordHash }, now()),
        ({ id }) => ['account_created', `account ${id}, roles: ${roles.join(' ') || 'none'}`],
      );
      printer.thing(
        { ...recordOf(account), ...password.shown },
        `Created the account ${account.email}.${password.note}`,
      );
    },
  },

  disable: {
    async task({ store, printer, changing, now }, { words }) {
      const { id } = await accountNamed(store, words('ACCOUNT')[0]);
      const disabled = await changing(
        (transaction) => disableAccount(transaction, id, now()),
        (account) => account && ['account_disabled', `account ${id}`],
      );
      const account = existing(disabled, 'account');
      printer.thing(recordOf(account), `Disabled ${account.email}: signed out everywhere, and its tokens are refused.`);
    },
  },

  enable: {
    async task({ store, printer, changing }, { words }) {
      const { id } = await accountNamed(store, words('ACCOUNT')[0]);
      const enabled = await changing(
        (transaction) => enableAccount(transaction, id),
        (account) => account && ['account_enabled', `account ${id}`],
      );
      const account = existing(enabled, 'account');
      printer.thing(recordOf(account), `Enabled ${account.email}: it can sign in again.`);
    },
  },

  roles: {
    options: { none: { type: 'boolean' } },
    async task({ store, catalogue, printer, changing, now }, { all, flag }) {
      const [named, ...newRoles] = all;
      if (named === undefined || newRoles.length > 0 === flag('none')) {
        throw new Misuse('expected ACCOUNT and all the roles that it is to have, or ACCOUNT --none');
      }
      const roles = checkedRoles(newRoles, catalogue);
      const { id } = await accountNamed(store, named);
      const changed = await changing(
        (transaction) => setRoles(transaction, catalogue, id, roles, now()),
        (account) => account && ['account_roles_changed', `account ${id}, roles: ${roles.join(' ') || 'none'}`],
      );
      const account = existing(changed, 'account');
      printer.thing(recordOf(account), `${account.email} has these roles now; grants beyond them have ended.`);
    },
  },

  password: {
    options: { generate: { type: 'boolean' } },
    async task({ store, printer, changing, now }, { words, flag }) {
      const { id } = await accountNamed(store, words('ACCOUNT')[0]);
      const password = await newPassword(flag('generate'));
      const passwordHash = await hashPassword(password.text);
      const changed = await changing(
        (transaction) => resetPassword(transaction, id, passwordHash, now()),
        (account) => account && ['password_changed', `account ${id}`],
      );
      const account = existing(changed, 'account');
      printer.thing(
        { ...recordOf(account), ...password.shown },
        `${account.email} has a new password: it is signed out everywhere, and its grants have ended.${password.note}`,
      );
    },
  },
};

/** Manages accounts, directly in the database. @returns the exit code */
export function account(args: readonly string[]): Promise<number> {
  return administer('account', tasks, args);
}

function recordOf({ id, email, roles, disabled, createdAt }: Account) {
  return { id, email, roles, disabled, createdAt: new Date(createdAt).toISOString() };
}

async function newPassword(generate: boolean) {
  if (!generate) {
    const typed = await readPassword(process.stdin, (text) => process.stderr.write(text));
    return { text: checkedPassword(typed), shown: {}, note: '' };
  }
  const text = madeUpPassword();
  return { text, shown: { password: text }, note: ' Its password is shown this once.' };
}
