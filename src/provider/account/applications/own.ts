import type { Application } from '../../../identity/applications/application.ts';
import { findApplications } from '../../../identity/applications/applications.ts';
import { applicationsPath } from '../../paths.ts';
import type { AccountVisit } from '../visit.ts';

/** One path of the pages about an application of the signed-in person. The members are those of `AccountRoute`. */
export interface OwnApplicationRoute {
  readonly show?: (visit: AccountVisit, application: Application) => Promise<void>;
  readonly handle?: (visit: AccountVisit, application: Application, form: URLSearchParams) => Promise<string | null>;
}

/** Returns an application that the signed-in person registered; null for an unknown or another person's application. */
export async function ownApplication(
  { options, account }: Pick<AccountVisit, 'options' | 'account'>,
  clientId: string,
): Promise<Application | null> {
  const [application = null] = await findApplications(options.store, [clientId]);
  return application?.registeredBy === account.id ? application : null;
}

/** Whether an application authenticates with a client secret. */
export function hasSecret({ tokenEndpointAuthMethod }: Pick<Application, 'tokenEndpointAuthMethod'>): boolean {
  return tokenEndpointAuthMethod.startsWith('client_secret');
}

/** Returns the path of the page of an application, or of a page below it. */
export function pathOf({ id }: Pick<Application, 'id'>, page?: 'secret' | 'rotate-secret' | 'delete'): string {
  return page === undefined ? `${applicationsPath}/${id}` : `${applicationsPath}/${id}/${page}`;
}
