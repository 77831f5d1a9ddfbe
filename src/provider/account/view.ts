import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Account } from '../../identity/accounts/accounts.ts';
import { findApplications } from '../../identity/applications/applications.ts';
import type { Attempts } from '../../identity/attempts/attempts.ts';
import { grantsByAccount } from '../../identity/grants/grants.ts';
import { sessionName, signInSessionsByAccount } from '../../identity/sessions/sessions.ts';
import { formToken } from '../sign-in/form.ts';
import type { BrowserSession, OwnSignInOptions } from './own-sign-in.ts';
import { type AccountPage, accountPage } from '../pages/account.ts';
import type { Frame } from '../pages/frame.ts';
import { sendPage } from '../pages/page.ts';
import type { AuditOptions } from '../audit.ts';
import { describeBrowser } from '../request/user-agent.ts';

/** The options of the account page. */
export interface AccountOptions extends OwnSignInOptions, Pick<AuditOptions, 'record' | 'changing'> {
  /** The appearance of the pages. */
  readonly frame: Frame;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly attempts: Attempts;
  /** The secret of form tokens. Each token is valid for one session. */
  readonly formKey: string;
  /** Called for faults of the server, never for mistakes of a caller. */
  readonly onFault: (error: Error) => void;
}

/** One request of a signed-in person. */
export interface AccountVisit {
  readonly options: AccountOptions;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly session: BrowserSession;
  readonly account: Account;
}

/** How many sessions the page shows at most. The same limit applies to grants. */
const maxShown = 100;

/** Shows the account page. @param notice the result of the last form */
export async function showAccount(visit: AccountVisit, notice: AccountPage['notice']): Promise<void> {
  const { options, response, session, account } = visit;
  const { store, formKey } = options;
  const page = { first: maxShown, after: null };
  const [sessions] = await signInSessionsByAccount(store, [account.id], page, options.now());
  const [grants] = await grantsByAccount(store, [account.id], page);
  const shownGrants = grants?.items ?? [];
  const ids = shownGrants.map(({ applicationId }) => applicationId);
  const names = ids.length > 0 ? await findApplications(store, ids) : [];
  sendPage(
    response,
    options.frame,
    accountPage({
      email: account.email,
      formToken: formToken(formKey, session.uid, 'account'),
      ...(notice && { notice }),
      sessions: (sessions?.items ?? []).map(({ id, userAgent, signedInAt }) => ({
        id,
        browser: describeBrowser(userAgent),
        since: inWords(signedInAt),
        current: id === sessionName(session.uid),
      })),
      grants: shownGrants.map(({ id, scopes, createdAt, applicationId }, index) => ({
        id,
        application: names[index]?.name ?? applicationId,
        scopes,
        since: inWords(createdAt),
      })),
    }),
  );
}

/** Writes a time for people. It is in UTC, because the time zone of the person is not known. */
function inWords(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
