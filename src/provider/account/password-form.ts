import { randomBytes } from 'node:crypto';
import { ClaimgateError } from '../../errors.ts';
import { checkedPassword } from '../../identity/accounts/checked-fields.ts';
import { changePassword } from '../../identity/accounts/password-change.ts';
import { hashPassword } from '../../identity/accounts/password-hash.ts';
import { sessionName } from '../../identity/sessions/sessions.ts';
import { changingIn, factOf } from '../audit.ts';
import { setSession } from './own-sign-in.ts';
import { proveAgain } from './prove-again.ts';
import { showAccount } from './view.ts';
import type { AccountVisit } from './visit.ts';

/**
 * Changes the password of the signed-in person. All other sessions of the account end, and this session gets a new
 * identifier.
 *
 * @returns the key of the notice; null if the form was refused. Then the request has been answered
 */
export async function changeOwnPassword(visit: AccountVisit, form: URLSearchParams): Promise<'password' | null> {
  const { options, request, response, session, account } = visit;
  const refuse = async (text: string) => {
    await showAccount(visit, { text, wrong: true });
    return null;
  };
  let password: string;
  try {
    password = checkedPassword(form.get('new') ?? '');
  } catch (error) {
    if (!(error instanceof ClaimgateError)) throw error;
    return refuse('The new password has to be of 12 to 1,024 characters.');
  }
  if (password !== form.get('again')) return refuse('The new password was not typed the same way twice.');
  const found = await proveAgain(visit, form.get('present') ?? '', 'change of password');
  if (typeof found === 'string') return refuse(found);
  const passwordHash = await hashPassword(password);
  // An attacker who knew the old password may also know the identifier of this session. Therefore the session gets a
  // new identifier.
  const remaining = { name: sessionName(session.uid), newId: randomBytes(32).toString('base64url') };
  const isChanged = await changingIn(options)(
    (transaction) => changePassword(transaction, found, passwordHash, remaining, options.now()),
    (isDone) => (isDone ? factOf('password_changed', { accountId: account.id }, null) : null),
  );
  if (!isChanged) {
    return refuse(
      'Your account was changed a moment ago, and the password stays as it is. Sign in again, then try again.',
    );
  }
  setSession(options.provider, options.provider.createContext(request, response), remaining.newId);
  return 'password';
}
