import type { ServerResponse } from 'node:http';
import { type Account, authenticate } from '../identity/accounts.ts';
import type { Guess } from '../identity/attempts.ts';
import { callerAddress } from './caller-address.ts';
import { sendPage } from './pages/page.ts';
import { problemPage } from './pages/problem.ts';
import { signInPage } from './pages/sign-in.ts';
import { endpoints } from './provider.ts';
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
  const guess = await guessPassword(step, email, form.get('password') ?? '');
  if (!guess) return notNow(response);
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
}

/** @returns null where the database does not answer: whoever cannot be counted cannot guess */
async function guessPassword(
  { options, request }: Step,
  email: string,
  password: string,
): Promise<Guess<Account> | null> {
  try {
    return await options.attempts.guessPassword(email, callerAddress(request), () =>
      authenticate(options.store, email, password),
    );
  } catch (error) {
    options.onFault(error instanceof Error ? error : new Error('the sign-in failed', { cause: error }));
    return null;
  }
}

function notNow(response: ServerResponse): void {
  response.setHeader('retry-after', '5');
  sendPage(response, problemPage(503, 'Nobody can sign in at the moment. It has been noted; please try again later.'));
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
