import { allowedScopes } from '../../../identity/grants/scopes.ts';
import { applicationPage } from '../../pages/applications/application.ts';
import { endpoints } from '../../paths.ts';
import { scopesInWords } from '../scopes-in-words.ts';
import { show } from '../visit.ts';
import { hasSecret, type OwnApplicationRoute } from './own.ts';

/** The page of one application. */
export const applicationPageRoute: OwnApplicationRoute = {
  async show(visit, application) {
    const { options, query } = visit;
    show(
      visit,
      applicationPage({
        application,
        hasSecret: hasSecret(application),
        scopes: scopesInWords(options.catalogue, allowedScopes(options.catalogue, application.scopes)),
        authorizationEndpoint: options.issuer + endpoints.authorization,
        tokenEndpoint: options.issuer + endpoints.token,
        isNew: query.get('done') === 'registered',
      }),
    );
  },
};
