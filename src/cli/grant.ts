import { findAccounts } from '../identity/accounts/accounts.ts';
import { listGrants } from '../identity/grants/grants.ts';
import { takeBackGrant } from '../identity/grants/revoke.ts';
import { administer, type Tasks } from './administer.ts';
import { accountNamed, everyPage, existing } from './lookup.ts';

const tasks: Tasks = {
  list: {
    options: { account: { type: 'string' }, application: { type: 'string' } },
    async task({ store, printer }, { words, option }) {
      words();
      const [named, applicationId] = [option('account'), option('application')];
      const of = {
        ...(named !== undefined && { accountId: (await accountNamed(store, named)).id }),
        ...(applicationId !== undefined && { applicationId }),
      };
      for await (const grants of everyPage((page) => listGrants(store, page, of))) {
        const accounts = await findAccounts(
          store,
          grants.map(({ accountId }) => accountId),
        );
        for (const [index, { id, applicationId, scopes, createdAt, expiresAt }] of grants.entries()) {
          const times = { createdAt: new Date(createdAt).toISOString(), expiresAt: new Date(expiresAt).toISOString() };
          printer.row({ id, account: accounts[index]?.email ?? null, clientId: applicationId, ...times, scopes });
        }
      }
    },
  },

  revoke: {
    async task({ printer, changing, now }, { words }) {
      const [grantId] = words('GRANT_ID');
      const revoked = await changing(
        (transaction) => takeBackGrant(transaction, grantId, null, now()),
        (one) =>
          one && ['grant_revoked', `grant ${one.id} of account ${one.accountId} and client ID ${one.applicationId}`],
      );
      const { id, accountId, applicationId, scopes } = existing(revoked, 'grant');
      printer.thing({ id, accountId, clientId: applicationId, scopes }, `Revoked the grant: its tokens are refused.`);
    },
  },
};

/** Manages grants, directly in the database. @returns the exit code */
export function grant(args: readonly string[]): Promise<number> {
  return administer('grant', tasks, args);
}
