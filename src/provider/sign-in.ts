import { accountIdOf, authenticate } from '../identity/accounts.ts';
import { callerAddress } from './caller-address.ts';
import { sendPage } from './pages/page.ts';
import { signInPage } from './pages/sign-in.ts';
import { endpoints } from './provider.ts';
import { factOf } from './records.ts';
import { deny, endSession, formOf, type Step, signedInAccount } from './step.ts';

interface Retry {
  /** What was typed before. */
  readonly email: string;
  /** That it was wrong, or the seconds until another try is looked at. */
  readonly problem: 'wrong' | number;
}

/** @param retry what was typed before, where that was wrong */
export function showSignIn(step: Step, retry?: Retry): void {
  sendPage(step.response, signInPage({ ...formOf(step, 'login'), applicationName: step.application.name, ...retry }));
}

export async function signIn(step: Step, form: URLSearchParams): Promise<void> {
  const { options, request, response } = step;
  if (form.get('decision') === 'cancel') return deny(step, 'The sign-in was cancelled');
  const email = form.get('email') ?? '';
  const guess = await options.attempts.guessPassword(email, callerAddress(request), () =>
    authenticate(options.store, email, form.get('password') ?? ''),
  );
  const clientId = step.application.id;
  if (guess.kind !== 'right') {
    const accountId = await accountIdOf(options.store, email);
    options.record?.(factOf('sign_in_failed', { accountId, clientId }, guess.kind === 'refused' ? 'too many' : null));
  }
  if (guess.kind === 'wrong') return showSignIn(step, { email, problem: 'wrong' });
  if (guess.kind === 'refused') {
    response.setHeader('retry-after', String(guess.seconds));
    return showSignIn(step, { email, problem: guess.seconds });
  }
  const account = guess.found;

  // The library would ask whether to sign the other account out on a page of its own, with a script.
  const present = await signedInAccount(step);
  if (present !== undefined && present !== account.id) await endSession(step);
  const result = { login: { accountId: account.id, amr: ['pwd'] } };
  await options.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  options.record?.(factOf('sign_in', { accountId: account.id, clientId }, null));
}

/** Signs the account out, and asks the same again of whoever signs in next. */
export async function switchAccount(step: Step): Promise<void> {
  await endSession(step);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(step.interaction.params)) {
    if (typeof value === 'string') query.set(name, value);
  }
  const location = `${endpoints.authorization}?${query.toString()}`;
  step.response.writeHead(303, { location, 'cache-control': 'no-store' }).end();
}
