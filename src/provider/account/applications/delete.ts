import type { Application } from '../../../identity/applications/application.ts';
import { deleteApplication } from '../../../identity/applications/changes.ts';
import { changingIn, factOf } from '../../audit.ts';
import { deletePage } from '../../pages/applications/confirm.ts';
import { noApplicationPage } from '../../pages/applications/missing.ts';
import { applicationsPath } from '../../paths.ts';
import { proveAgain } from '../prove-again.ts';
import { accountFormToken, type AccountVisit, show } from '../visit.ts';
import type { OwnApplicationRoute } from './own.ts';

/** The form that deletes an application. It requires the password. */
export const deleteRoute: OwnApplicationRoute = {
  async show(visit, application) {
    showForm(visit, application, null);
  },
  async handle(visit, application, form) {
    const { options, account } = visit;
    const proven = await proveAgain(visit, form.get('present') ?? '', 'deletion of an application');
    if (typeof proven === 'string') {
      showForm(visit, application, proven);
      return null;
    }
    const deleted = await changingIn(options)(
      (transaction) => deleteApplication(transaction, application.id, options.now()),
      (one) => one && factOf('application_deleted', { accountId: account.id }, `client ID ${one.id}`),
    );
    if (deleted) return `${applicationsPath}?done=deleted`;
    show(visit, noApplicationPage());
    return null;
  },
};

function showForm(visit: AccountVisit, { id, name }: Application, problem: string | null): void {
  const { email } = visit.account;
  show(visit, deletePage({ formToken: accountFormToken(visit), email, id, name, problem }));
}
