import { findApplications, listApplications } from '../../identity/applications/applications.ts';
import { registeredItself } from '../../identity/applications/first-party.ts';
import { grantsByAccount } from '../../identity/grants/grants.ts';
import { mayRegister } from '../../identity/grants/scopes.ts';
import { sessionName, signInSessionsByAccount } from '../../identity/sessions/sessions.ts';
import { type AccountPage, accountPage } from '../pages/account.ts';
import { shownName } from '../pages/application-name.ts';
import { describeBrowser } from '../request/user-agent.ts';
import { scopesInWords } from './scopes-in-words.ts';
import { accountFormToken, type AccountVisit, show } from './visit.ts';

/** How many sessions the page shows at most. The same limit applies to grants. */
const maxShown = 100;
/** How many of the person's own applications the page names. */
const maxOwnNamed = 5;

/** Shows the account page. @param notice the result of the last form */
export async function showAccount(visit: AccountVisit, notice: AccountPage['notice']): Promise<void> {
  const { options, session, account } = visit;
  const { store, catalogue } = options;
  const page = { first: maxShown, after: null };
  const [sessions] = await signInSessionsByAccount(store, [account.id], page, options.now());
  const [grants] = await grantsByAccount(store, [account.id], page);
  const shownGrants = grants?.items ?? [];
  const ids = shownGrants.map(({ applicationId }) => applicationId);
  const applications = ids.length > 0 ? await findApplications(store, ids) : [];
  const current = sessionName(session.uid);
  show(
    visit,
    accountPage({
      email: account.email,
      formToken: accountFormToken(visit),
      ...(notice && { notice }),
      sessions: (sessions?.items ?? [])
        .map(({ id, browser, userAgent, signedInAt, lastSeenAt }) => ({
          id,
          browser: browser ?? describeBrowser(userAgent),
          signedInAt,
          lastSeenAt,
          current: id === current,
        }))
        .toSorted((one, other) => Number(other.current) - Number(one.current)),
      grants: shownGrants.map(({ id, scopes, createdAt, expiresAt, applicationId }, index) => {
        const application = applications[index] ?? null;
        return {
          id,
          application: application ? shownName(application, options.frame).name : applicationId,
          registeredItself: application !== null && registeredItself(application),
          scopes: scopesInWords(catalogue, scopes),
          createdAt,
          expiresAt,
        };
      }),
      ownApplications: mayRegister(catalogue, account.roles)
        ? (await listApplications(store, { first: maxOwnNamed, after: null }, account.id)).items
        : null,
    }),
  );
}
