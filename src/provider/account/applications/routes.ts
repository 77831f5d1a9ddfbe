import { mayRegister } from '../../../identity/grants/scopes.ts';
import { noApplicationPage } from '../../pages/applications/missing.ts';
import { type AccountRoute, type AccountVisit, show } from '../visit.ts';
import { checkRoute } from './check.ts';
import { deleteRoute } from './delete.ts';
import { listRoute } from './list.ts';
import { ownApplication, type OwnApplicationRoute } from './own.ts';
import { registerRoute } from './register.ts';
import { rotateRoute } from './rotate.ts';
import { secretRoute } from './secret.ts';
import { applicationPageRoute } from './view.ts';

/** The paths of all applications together, below `/account/applications`. */
const common: Readonly<Record<string, AccountRoute>> = { '': listRoute, new: registerRoute, check: checkRoute };

/** The paths of one application, below `/account/applications/` and its client ID. */
const ofOne: Readonly<Record<string, OwnApplicationRoute>> = {
  '': applicationPageRoute,
  secret: secretRoute,
  'rotate-secret': rotateRoute,
  delete: deleteRoute,
};

/**
 * Returns the route of a path of the pages about a person's own applications. An account that may not register
 * applications gets the same answer on all of them.
 *
 * @param path the path below `/account/applications`, without a slash at its beginning
 * @returns null if there is no such path
 */
export function applicationRoute(path: string): AccountRoute | null {
  const route = Object.hasOwn(common, path) ? common[path] : undefined;
  if (route) return ifAllowed(route);
  const [, clientId, action = ''] = /^([0-9a-f]{24})(?:\/([a-z-]{1,16}))?$/.exec(path) ?? [];
  const found = Object.hasOwn(ofOne, action) ? ofOne[action] : undefined;
  return clientId !== undefined && found ? ifAllowed(forApplication(found, clientId)) : null;
}

function ifAllowed({ show: showPage, handle, ...rest }: AccountRoute): AccountRoute {
  const isAllowed = ({ options, account }: AccountVisit) => mayRegister(options.catalogue, account.roles);
  return {
    ...rest,
    ...(showPage && {
      show: async (visit) => (isAllowed(visit) ? showPage(visit) : show(visit, noApplicationPage())),
    }),
    ...(handle && {
      async handle(visit, form) {
        if (isAllowed(visit)) return handle(visit, form);
        show(visit, noApplicationPage());
        return null;
      },
    }),
  };
}

/** Finds the application before the route uses it. Another person's application is answered as an unknown one. */
function forApplication({ show: showPage, handle }: OwnApplicationRoute, clientId: string): AccountRoute {
  return {
    ...(showPage && {
      async show(visit) {
        const application = await ownApplication(visit, clientId);
        return application ? showPage(visit, application) : show(visit, noApplicationPage());
      },
    }),
    ...(handle && {
      async handle(visit, form) {
        const application = await ownApplication(visit, clientId);
        if (application) return handle(visit, application, form);
        show(visit, noApplicationPage());
        return null;
      },
    }),
  };
}
