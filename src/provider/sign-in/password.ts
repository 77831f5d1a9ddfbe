import { accountIdOf, authenticate, findAccount, type ProvenAccount } from '../../identity/accounts/accounts.ts';
import { callerAddress } from '../request/caller-address.ts';
import { sendPage } from '../pages/page.ts';
import { signInPage } from '../pages/sign-in.ts';
import { factOf } from '../audit.ts';
import { type Factor, formOf, parameter, type Step } from './step.ts';

/** Email address and password. */
export const passwordFactor: Factor = {
  name: 'sign-in',
  amr: 'pwd',

  async show(step) {
    const present = await findAccount(step.options.store, step.interaction.session?.accountId ?? '');
    const again = present !== null && !present.disabled;
    showPage(step, { email: again ? present.email : parameter(step, 'login_hint').slice(0, 254), again });
  },

  async judge(step, form): Promise<ProvenAccount | null> {
    const { options, request, response, application } = step;
    const email = form.get('email') ?? '';
    const guess = await options.attempts.guessPassword(email, callerAddress(request), () =>
      authenticate(options.store, email, form.get('password') ?? ''),
    );
    if (guess.kind === 'right') return guess.found;
    const accountId = await accountIdOf(options.store, email);
    const tooMany = guess.kind === 'refused';
    options.record?.(
      factOf('sign_in_failed', { accountId, clientId: application.id }, tooMany ? 'too many tries' : null),
    );
    if (tooMany) response.setHeader('retry-after', String(guess.seconds));
    showPage(step, { email, problem: tooMany ? guess.seconds : 'wrong' });
    return null;
  },
};

interface Shown {
  readonly email: string;
  /** Whether this person is signed in, and shall prove it again. */
  readonly again?: boolean;
  /** That what was typed was wrong, or the seconds until another try is looked at. */
  readonly problem?: 'wrong' | number;
}

function showPage(step: Step, shown: Shown): void {
  sendPage(step.response, signInPage({ ...formOf(step, 'login'), applicationName: step.application.name, ...shown }));
}
