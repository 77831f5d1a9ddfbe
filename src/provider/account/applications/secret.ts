import type { IncomingMessage } from 'node:http';
import { noApplicationPage } from '../../pages/applications/missing.ts';
import { goneSecretPage, secretPage } from '../../pages/applications/secret.ts';
import { show } from '../visit.ts';
import { hasSecret, type OwnApplicationRoute } from './own.ts';
import { takeUnseen } from './unseen-secret.ts';

/** The page that shows a new client secret once. A reload, the back button and a second tab do not show it again. */
export const secretRoute: OwnApplicationRoute = {
  async show(visit, application) {
    if (!hasSecret(application)) return show(visit, noApplicationPage());
    const clientSecret = opensPage(visit.request) ? await takeUnseen(visit, application) : null;
    show(visit, clientSecret === null ? goneSecretPage(application) : secretPage(application, clientSecret));
  },
};

/**
 * Whether a person opens the page from a page of this server. A page of another site, or a browser that loads pages in
 * advance, must not use up the secret.
 */
function opensPage({ method, headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  const isPrepared = headers['sec-purpose'] !== undefined || headers['purpose'] !== undefined;
  return method === 'GET' && !isPrepared && (site === undefined || site === 'same-origin');
}
