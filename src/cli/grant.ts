import { findAccounts } from '../identity/accounts.ts';
import { listGrants, takeBackGrant } from '../identity/grants.ts';
import { administer, type Tasks } from './administer.ts';
import { accountOf, everyPage, existing } from './lookup.ts';

const tasks: Tasks = {
  list: {
    options: { account: { type: 'string' }, application: { type: 'string' } },
    async task({ store, printer }, { words, option }) {
      words();
      const [named, applicationId] = [option('account'), option('application')];
      const of = {
        ...(named !== undefined && { accountId: (await accountOf(store, named)).id }),
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
    async task({ store, printer, record, now }, { words }) {
      const grant = existing(await takeBackGrant(store, words('GRANT_ID')[0], null, now()), 'grant');
      const { id, accountId, applicationId, scopes } = grant;
      await record('grant_revoked', `grant ${id} of account ${accountId} and client ID ${applicationId}`);
      printer.thing({ id, accountId, clientId: applicationId, scopes }, `Revoked the grant: its tokens are refused.`);
    },
  },
};

/** Grants, on the database itself. @returns the exit code */
export function grant(args: readonly string[]): Promise<number> {
  return administer('grant', tasks, args);
}
