import type { IncomingMessage, ServerResponse } from 'node:http';
import { findAccount } from '../../identity/accounts/accounts.ts';
import { notePage } from '../pages/note.ts';
import { sendPage } from '../pages/page.ts';
import { problemPage, sendFault } from '../pages/problem.ts';
import { accountPath, applicationsPath, signedInPath } from '../paths.ts';
import { isFormToken, readForm } from '../sign-in/form.ts';
import { applicationRoute } from './applications/routes.ts';
import { forms, notices } from './forms.ts';
import { beginSignIn, browserSession, finishSignIn } from './own-sign-in.ts';
import { showAccount } from './view.ts';
import { type AccountOptions, type AccountRoute, accountStep } from './visit.ts';

/**
 * Returns the handler of requests to `/account` and below. There people see and change their own account and their own
 * applications. The handler answers every error with a page and never rejects. Its pages work without scripts.
 */
export function accountHandler(
  options: AccountOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    try {
      await handle(options, request, response);
    } catch (error) {
      options.onFault(error instanceof Error ? error : new Error(String(error)));
      sendFault(response, options.frame, error);
    }
  };
}

async function handle(options: AccountOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://unused');
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const refuse = () => sendPage(response, options.frame, problemPage(400, 'This page cannot be reached in that way.'));
  if (pathname === signedInPath) {
    if (!isRead) return refuse();
    const opened = await finishSignIn(options, request, response);
    if (opened !== null) return redirect(response, opened);
    const note = notePage('Nobody is signed in', 'The sign-in was cancelled or has run out.');
    return sendPage(response, options.frame, note);
  }
  const route = routeOf(pathname);
  const session = await browserSession(options, request, response);
  const account = session && (await findAccount(options.store, session.accountId));
  const isSignedIn = session && account && !account.disabled;
  if (isRead && route?.show) {
    if (!isSignedIn) return beginSignIn(options, request, response, pathname);
    return route.show({ options, request, response, query, session, account });
  }
  if (!route?.handle || request.method !== 'POST') return refuse();
  const form = await readForm(request, route.maxFormBytes);
  if (!isSignedIn) return redirect(response, accountPath);
  if (!form || !isFormToken(form.get('form_token'), options.formKey, session.uid, accountStep)) return refuse();
  const location = await route.handle({ options, request, response, query, session, account }, form);
  if (location !== null) redirect(response, location);
}

/** The page of the account itself. */
const accountRoute: AccountRoute = {
  show(visit) {
    const key = visit.query.get('done') ?? '';
    const notice = isNotice(key) ? notices[key] : undefined;
    return showAccount(visit, notice === undefined ? undefined : { text: notice, wrong: false });
  },
};

function routeOf(pathname: string): AccountRoute | null {
  if (pathname === accountPath) return accountRoute;
  if (pathname === applicationsPath) return applicationRoute('');
  if (pathname.startsWith(`${applicationsPath}/`)) return applicationRoute(pathname.slice(applicationsPath.length + 1));
  const action = pathname.slice(accountPath.length + 1);
  const handleForm = Object.hasOwn(forms, action) ? forms[action] : undefined;
  if (!handleForm) return null;
  return {
    async handle(visit, form) {
      const notice = await handleForm(visit, form);
      return notice === null ? null : `${accountPath}?done=${notice}`;
    },
  };
}

function isNotice(key: string): key is keyof typeof notices {
  return Object.hasOwn(notices, key);
}

function redirect(response: ServerResponse, location: string): void {
  response.statusCode = 303;
  response.setHeader('location', location);
  response.setHeader('cache-control', 'no-store');
  response.end();
}
