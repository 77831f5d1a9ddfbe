import type { IncomingMessage, ServerResponse } from 'node:http';
import { findAccount } from '../../identity/accounts/accounts.ts';
import { notePage } from '../pages/note.ts';
import { sendPage } from '../pages/page.ts';
import { problemPage, sendFault } from '../pages/problem.ts';
import { accountPath, signedInPath } from '../paths.ts';
import { isFormToken, readForm } from '../sign-in/form.ts';
import { forms, notices } from './forms.ts';
import { beginSignIn, browserSession, finishSignIn } from './own-sign-in.ts';
import { type AccountOptions, showAccount } from './view.ts';

/**
 * Returns the handler of requests to `/account` and below. There people see and change their own account. The handler
 * answers every error with a page and never rejects. Its pages have no scripts.
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
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://unused');
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (pathname === signedInPath) {
    if (!isRead) return refuse(options, response);
    if (await finishSignIn(options, request, response)) return redirect(response, accountPath);
    return sendPage(
      response,
      options.frame,
      notePage('Nobody is signed in', 'The sign-in was cancelled or has run out.'),
    );
  }
  const session = await browserSession(options, request, response);
  const account = session && (await findAccount(options.store, session.accountId));
  if (pathname === accountPath && isRead) {
    if (!session || !account || account.disabled) return beginSignIn(options, request, response);
    const key = searchParams.get('done') ?? '';
    const notice = isNotice(key) ? notices[key] : undefined;
    const visit = { options, request, response, session, account };
    return showAccount(visit, notice === undefined ? undefined : { text: notice, wrong: false });
  }
  const action = pathname.slice(accountPath.length + 1);
  const handleForm = Object.hasOwn(forms, action) ? forms[action] : undefined;
  if (!handleForm || request.method !== 'POST') return refuse(options, response);
  const form = await readForm(request);
  if (!session || !account || account.disabled) return redirect(response, accountPath);
  if (!form || !isFormToken(form.get('form_token'), options.formKey, session.uid, 'account'))
    return refuse(options, response);
  const noticeKey = await handleForm({ options, request, response, session, account }, form);
  if (noticeKey !== null) redirect(response, `${accountPath}?done=${noticeKey}`);
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

function refuse({ frame }: AccountOptions, response: ServerResponse): void {
  sendPage(response, frame, problemPage(400, 'This page cannot be reached in that way.'));
}
