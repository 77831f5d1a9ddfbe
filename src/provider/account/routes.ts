import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ClaimgateError } from '../../errors.ts';
import { checkedPassword } from '../../identity/accounts/checked-fields.ts';
import { changePassword } from '../../identity/accounts/password-change.ts';
import { authenticate, findAccount } from '../../identity/accounts/accounts.ts';
import { takeBackGrant } from '../../identity/grants/revoke.ts';
import { hashPassword } from '../../identity/accounts/password-hash.ts';
import { endOtherSessions, endSession, endSignInSession } from '../../identity/sessions/end-sessions.ts';
import { sessionName } from '../../identity/sessions/sessions.ts';
import { type AccountOptions, showAccount, type Visit } from './view.ts';
import { callerAddress } from '../request/caller-address.ts';
import { isFormToken, readForm } from '../sign-in/form.ts';
import { beginSignIn, finishSignIn, presentSession, setSession, signedInPath } from './own-sign-in.ts';
import { accountPath } from '../pages/account.ts';
import { notePage } from '../pages/note.ts';
import { sendPage } from '../pages/page.ts';
import { problemPage, sendFault } from '../pages/problem.ts';
import { changingIn, factOf } from '../audit.ts';

/** What is said of what was done, by the word that stands in the address afterwards. */
const notices: Readonly<Record<string, string>> = {
  ended: 'That browser is signed out.',
  others: 'Every other browser is signed out.',
  revoked: 'Taken back: the application can do nothing by it any more.',
  password: 'Your password is changed. Every other browser is signed out.',
};

/** What each form does. @returns the notice, `null` where it has answered itself */
const forms: Readonly<Record<string, (visit: Visit, form: URLSearchParams) => Promise<string | null>>> = {
  async 'end-session'({ options, account }, form) {
    await changingIn(options)(
      (transaction) => endSignInSession(transaction, form.get('id') ?? '', account.id, options.now()),
      (ended) => ended && factOf('sign_out', { accountId: account.id }, null),
    );
    return 'ended';
  },
  async 'end-others'({ options, account, session }) {
    await changingIn(options)(
      (transaction) => endOtherSessions(transaction, account.id, sessionName(session.uid), options.now()),
      () => factOf('sign_out', { accountId: account.id }, 'every other browser'),
    );
    return 'others';
  },
  async 'revoke-grant'({ options, account }, form) {
    await changingIn(options)(
      (transaction) => takeBackGrant(transaction, form.get('id') ?? '', account.id, options.now()),
      (grant) =>
        grant && factOf('grant_revoked', { accountId: account.id, clientId: grant.applicationId }, `grant ${grant.id}`),
    );
    return 'revoked';
  },
  async 'sign-out'({ options, session, response, account }) {
    await changingIn(options)(
      (transaction) => endSession(transaction, session.uid, options.now()),
      () => factOf('sign_out', { accountId: account.id }, null),
    );
    sendPage(response, notePage('You are signed out', 'You can close this page.'));
    return null;
  },
  password: change,
};

/** Handles requests to `/account` and below: what people see and change of their own account, without scripts. */
export function accountHandler(
  options: AccountOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    try {
      await handle(options, request, response);
    } catch (error) {
      options.onFault(error instanceof Error ? error : new Error(String(error)));
      sendFault(response, error);
    }
  };
}

async function handle(options: AccountOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://unused');
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (pathname === signedInPath) {
    if (!reads) return refuse(response);
    if (await finishSignIn(options, request, response)) return redirect(response, accountPath);
    return sendPage(response, notePage('Nobody is signed in', 'The sign-in was cancelled or has run out.'));
  }
  const session = await presentSession(options, request, response);
  const account = session && (await findAccount(options.store, session.accountId));
  if (pathname === accountPath && reads) {
    if (!session || !account || account.disabled) return beginSignIn(options, request, response);
    const done = searchParams.get('done') ?? '';
    const notice = Object.hasOwn(notices, done) ? notices[done] : undefined;
    const visit = { options, request, response, session, account };
    return showAccount(visit, notice === undefined ? undefined : { text: notice, wrong: false });
  }
  const action = pathname.slice(accountPath.length + 1);
  const act = Object.hasOwn(forms, action) ? forms[action] : undefined;
  if (!act || request.method !== 'POST') return refuse(response);
  const form = await readForm(request);
  if (!session || !account || account.disabled) return redirect(response, accountPath);
  if (!form || !isFormToken(form.get('form_token'), options.formKey, session.uid, 'account')) return refuse(response);
  const done = await act({ options, request, response, session, account }, form);
  if (done !== null) redirect(response, `${accountPath}?done=${done}`);
}

/** @returns the notice; null where the page says what was wrong */
async function change(visit: Visit, form: URLSearchParams): Promise<string | null> {
  const { options, request, response, session, account } = visit;
  const wrong = async (text: string) => {
    await showAccount(visit, { text, wrong: true });
    return null;
  };
  let chosen: string;
  try {
    chosen = checkedPassword(form.get('new') ?? '');
  } catch (error) {
    if (!(error instanceof ClaimgateError)) throw error;
    return wrong('The new password has to be of 12 to 1,024 characters.');
  }
  if (chosen !== form.get('again')) return wrong('The new password was not typed the same way twice.');
  const guess = await options.attempts.guessPassword(account.email, callerAddress(request), () =>
    authenticate(options.store, account.email, form.get('present') ?? ''),
  );
  if (guess.kind === 'refused') {
    response.setHeader('retry-after', String(guess.seconds));
    return wrong(`Too many tries were wrong. Wait ${Math.ceil(guess.seconds / 60)} minutes, then try again.`);
  }
  if (guess.kind === 'wrong' || guess.found.id !== account.id) {
    options.record?.(factOf('sign_in_failed', { accountId: account.id }, 'change of password'));
    return wrong('The present password is another one.');
  }
  const passwordHash = await hashPassword(chosen);
  // A new identifier: of the present one somebody may know who knew the old password.
  const keep = { name: sessionName(session.uid), newId: randomBytes(32).toString('base64url') };
  const { found } = guess;
  const isChanged = await changingIn(options)(
    (transaction) => changePassword(transaction, found, passwordHash, keep, options.now()),
    (done) => (done ? factOf('password_changed', { accountId: account.id }, null) : null),
  );
  if (!isChanged) {
    return wrong(
      'Your account was changed a moment ago, and the password stays as it is. Sign in again, then try again.',
    );
  }
  setSession(options.provider, options.provider.createContext(request, response), keep.newId);
  return 'password';
}

function redirect(response: ServerResponse, location: string): void {
  response.statusCode = 303;
  response.setHeader('location', location);
  response.setHeader('cache-control', 'no-store');
  response.end();
}

function refuse(response: ServerResponse): void {
  sendPage(response, problemPage(400, 'This page cannot be reached in that way.'));
}
