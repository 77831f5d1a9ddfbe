import { endSignInSession } from '../identity/sessions/end-sessions.ts';
import { signInSessionsByAccount } from '../identity/sessions/sessions.ts';
import { administer, type Tasks } from './administer.ts';
import { accountNamed, everyPage, existing } from './lookup.ts';

const tasks: Tasks = {
  list: {
    async task({ store, printer, now }, { words }) {
      const { id: accountId } = await accountNamed(store, words('ACCOUNT')[0]);
      const onePage = async (page: Parameters<typeof signInSessionsByAccount>[2]) => {
        const [found = { items: [], hasNextPage: false }] = await signInSessionsByAccount(
          store,
          [accountId],
          page,
          now(),
        );
        return found;
      };
      for await (const sessions of everyPage(onePage)) {
        for (const { id, userAgent, signedInAt, expiresAt } of sessions) {
          const times = {
            signedInAt: new Date(signedInAt).toISOString(),
            expiresAt: new Date(expiresAt).toISOString(),
          };
          printer.row({ id, ...times, userAgent });
        }
      }
    },
  },

  end: {
    async task({ printer, changing, now }, { words }) {
      const [sessionId] = words('SESSION_ID');
      const ended = await changing(
        (transaction) => endSignInSession(transaction, sessionId, null, now()),
        (one) => one && ['sign_out', `account ${one.accountId}`],
      );
      const session = existing(ended, 'sign-in session');
      const { id, accountId } = session;
      printer.thing({ id, accountId }, 'Signed out: the access tokens of that sign-in are refused.');
    },
  },
};

/** Manages sign-in sessions, directly in the database. @returns the exit code */
export function session(args: readonly string[]): Promise<number> {
  return administer('session', tasks, args);
}
