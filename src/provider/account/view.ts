import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Account } from '../../identity/accounts/accounts.ts';
import { findApplications } from '../../identity/applications/applications.ts';
import type { Attempts } from '../../identity/attempts/attempts.ts';
import { grantsByAccount } from '../../identity/grants/grants.ts';
import { sessionName, signInSessionsByAccount } from '../../identity/sessions/sessions.ts';
import { formToken } from '../sign-in/form.ts';
import type { BrowserSession, OwnSignInOptions } from './own-sign-in.ts';
import { type AccountPage, accountPage } from '../pages/account.ts';
import { sendPage } from '../pages/page.ts';
import type { Witnesses } from '../audit.ts';
import { browserInWords } from '../request/user-agent.ts';

export interface AccountOptions extends OwnSignInOptions, Pick<Witnesses, 'record' | 'changing'> {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly attempts: Attempts;
  /** Ties forms to sessions. */
  readonly formKey: string;
  readonly onFault: (error: Error) => void;
}

/** One request of somebody who is signed in. */
export interface Visit {
  readonly options: AccountOptions;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly session: BrowserSession;
  readonly account: Account;
}

/** How many of its sessions and grants an account is shown. */
const most = 100;

/** Shows what people see of their own account. @param notice what was done, or what was wrong */
export async function showAccount(visit: Visit, notice: AccountPage['notice']): Promise<void> {
  const { options, response, session, account } = visit;
  const { store, formKey } = options;
  const page = { first: most, after: null };
  const [sessions] = await signInSessionsByAccount(store, [account.id], page, options.now());
  const [grants] = await grantsByAccount(store, [account.id], page);
  const given = grants?.items ?? [];
  const ids = given.map(({ applicationId }) => applicationId);
  const names = ids.length > 0 ? await findApplications(store, ids) : [];
  sendPage(
    response,
    accountPage({
      email: account.email,
      formToken: formToken(formKey, session.uid, 'account'),
      ...(notice && { notice }),
      sessions: (sessions?.items ?? []).map(({ id, userAgent, signedInAt }) => ({
        id,
        browser: browserInWords(userAgent),
        since: inWords(signedInAt),
        current: id === sessionName(session.uid),
      })),
      grants: given.map(({ id, scopes, createdAt, applicationId }, index) => ({
        id,
        application: names[index]?.name ?? applicationId,
        scopes,
        since: inWords(createdAt),
      })),
    }),
  );
}

/** A moment, for people: nobody's time zone is known here. */
function inWords(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
