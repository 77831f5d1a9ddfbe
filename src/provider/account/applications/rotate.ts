import type { Application } from '../../../identity/applications/application.ts';
import { rotateClientSecret } from '../../../identity/applications/changes.ts';
import { changingIn, factOf } from '../../audit.ts';
import { rotatePage } from '../../pages/applications/confirm.ts';
import { noApplicationPage } from '../../pages/applications/missing.ts';
import { proveAgain } from '../prove-again.ts';
import { accountFormToken, type AccountVisit, show } from '../visit.ts';
import { tooMany } from './limits.ts';
import { hasSecret, type OwnApplicationRoute, pathOf } from './own.ts';
import { keepUnseen, prepareUnseen } from './unseen-secret.ts';

/** The form that replaces the client secret. It requires the password. */
export const rotateRoute: OwnApplicationRoute = {
  async show(visit, application) {
    if (!hasSecret(application)) return show(visit, noApplicationPage());
    showForm(visit, application, null);
  },
  async handle(visit, application, form) {
    if (!hasSecret(application)) {
      show(visit, noApplicationPage());
      return null;
    }
    const { options, account } = visit;
    const proven = await proveAgain(visit, form.get('present') ?? '', 'new client secret');
    if (typeof proven === 'string') return showForm(visit, application, proven);
    const wait = await tooMany(visit);
    if (wait !== null) return showForm(visit, application, wait, 429);
    const browser = prepareUnseen(visit);
    const isMade = await changingIn(options)(
      async (transaction) => {
        // This statement locks the application. Therefore parallel rotations store their secrets in the same order.
        const clientSecret = await rotateClientSecret(transaction, application.id);
        if (clientSecret !== null) await keepUnseen(transaction, visit, browser, application, clientSecret);
        return clientSecret !== null;
      },
      (isDone) =>
        isDone ? factOf('application_secret_rotated', { accountId: account.id }, `client ID ${application.id}`) : null,
    );
    if (isMade) return pathOf(application, 'secret');
    show(visit, noApplicationPage());
    return null;
  },
};

function showForm(visit: AccountVisit, { id, name }: Application, problem: string | null, status?: number): null {
  prepareUnseen(visit);
  const { email } = visit.account;
  show(visit, rotatePage({ formToken: accountFormToken(visit), email, id, name, problem, ...(status && { status }) }));
  return null;
}
