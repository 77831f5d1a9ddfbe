import type { AccountRoute } from '../visit.ts';
import { maxFormBytes } from './limits.ts';
import { lineFaults, registrationValues } from './values.ts';

/**
 * Checks the redirect URIs of the registration form while the person enters them. The script of the page calls it. It
 * changes nothing, and the registration checks the URIs again.
 */
export const checkRoute: AccountRoute = {
  maxFormBytes,
  async handle({ response }, form) {
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.end(JSON.stringify({ faults: lineFaults(registrationValues(form)) }));
    return null;
  },
};
