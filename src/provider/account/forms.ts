import { takeBackGrant } from '../../identity/grants/revoke.ts';
import { endOtherSessions, endSession, endSignInSession } from '../../identity/sessions/end-sessions.ts';
import { sessionName } from '../../identity/sessions/sessions.ts';
import { changingIn, factOf } from '../audit.ts';
import { notePage } from '../pages/note.ts';
import { changeOwnPassword } from './password-form.ts';
import { show, type AccountVisit } from './visit.ts';

/** The notices after forms, by the value of the query parameter `done`. */
export const notices = {
  ended: 'That browser is signed out.',
  others: 'Every other browser is signed out.',
  revoked: 'Taken back: the application can do nothing by it any more.',
  password: 'Your password is changed. Every other browser is signed out.',
} as const;

/**
 * Handles one form of a signed-in person.
 *
 * @returns the key of the notice to redirect to; null if the handler has already answered the request
 */
type FormHandler = (visit: AccountVisit, form: URLSearchParams) => Promise<keyof typeof notices | null>;

/** The forms of the account page, by the last part of their path. */
export const forms: Readonly<Record<string, FormHandler>> = {
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
  async 'sign-out'(visit) {
    const { options, session, account } = visit;
    await changingIn(options)(
      (transaction) => endSession(transaction, session.uid, options.now()),
      () => factOf('sign_out', { accountId: account.id }, null),
    );
    show(visit, notePage('You are signed out', 'You can close this page.'));
    return null;
  },
  password: changeOwnPassword,
};
