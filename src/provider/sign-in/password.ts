import { accountIdByEmail, authenticate, findAccount, type ProvenAccount } from '../../identity/accounts/accounts.ts';
import { callerAddress } from '../request/caller-address.ts';
import { sendPage } from '../pages/page.ts';
import { type ShownName, shownName } from '../pages/application-name.ts';
import { signInPage } from '../pages/sign-in.ts';
import { signedInPath } from '../paths.ts';
import { factOf } from '../audit.ts';
import { type Factor, formOf, requestParameter, type SignInStep } from './step.ts';

/** The factor of an email address and a password. */
export const passwordFactor: Factor = {
  name: 'sign-in',
  amr: 'pwd',

  async show(step) {
    const signedIn = await findAccount(step.options.store, step.interaction.session?.accountId ?? '');
    const again = signedIn !== null && !signedIn.disabled;
    showPage(step, { email: again ? signedIn.email : requestParameter(step, 'login_hint').slice(0, 254), again });
  },

  async judge(step, form): Promise<ProvenAccount | null> {
    const { options, request, response, application } = step;
    const email = form.get('email') ?? '';
    const guess = await options.attempts.guessPassword(email, callerAddress(request), () =>
      authenticate(options.store, email, form.get('password') ?? ''),
    );
    if (guess.kind === 'right') return guess.found;
    const accountId = await accountIdByEmail(options.store, email);
    const isLimited = guess.kind === 'refused';
    options.record?.(
      factOf('sign_in_failed', { accountId, clientId: application.id }, isLimited ? 'too many tries' : null),
    );
    if (isLimited) response.setHeader('retry-after', String(guess.seconds));
    showPage(step, { email, problem: isLimited ? guess.seconds : 'wrong' });
    return null;
  },
};

/** The content of the page. */
interface Shown {
  readonly email: string;
  /** Whether the person is signed in and must authenticate again. */
  readonly again?: boolean;
  /**
   * `wrong`: the credentials are wrong. A number: there were too many attempts, and the next attempt is accepted after
   * this many seconds.
   */
  readonly problem?: 'wrong' | number;
}

function showPage(step: SignInStep, shown: Shown): void {
  const { frame } = step.options;
  const page = signInPage({ ...formOf(step, 'login'), destination: destinationOf(step), frame, ...shown });
  sendPage(step.response, frame, page);
}

/** Returns what the person goes on to: the application, or the account page, which belongs to the product. */
function destinationOf({ application, interaction, options: { frame } }: SignInStep): ShownName {
  if (interaction.returnTo.endsWith(signedInPath)) return { article: '', name: frame.productName };
  return shownName(application, frame);
}
