import { hkdfSync } from 'node:crypto';
import type { Application } from '../../../identity/applications/application.ts';
import { findApplicationWithSecret } from '../../../identity/applications/applications.ts';
import { secretMatches } from '../../../identity/keys/secrets.ts';
import { artifactsOfModel } from '../../../store/artifacts/artifacts.ts';
import { createSealer, type Sealer } from '../../../store/connections/sealing.ts';
import type { Store } from '../../../store/tables.ts';
import { browserSecret, keepBrowserSecret } from '../../sign-in/browser-binding.ts';
import type { AccountVisit } from '../visit.ts';

// A form makes a client secret, and the page to which it redirects shows it once. Between the two requests, the
// database has the secret encrypted, with a key that only the cookie of the browser contains. Neither the database nor
// its backup is enough to read it.

const model = 'UnseenSecret';
/** How long a client secret waits for its page, in seconds. */
const lifetimeSeconds = 5 * 60;

/**
 * Makes sure that the browser has the cookie with the key. Call it before the page is sent.
 *
 * @returns the value of the cookie
 */
export function prepareUnseen({ options, request, response }: AccountVisit): string {
  return keepBrowserSecret(options.provider, options.provider.createContext(request, response).cookies);
}

/**
 * Stores a client secret until its page shows it.
 *
 * @param transaction the transaction that makes the secret. Then the stored secret is the newest one of the application
 * @param browser from `prepareUnseen`
 */
export async function keepUnseen(
  transaction: Store,
  visit: AccountVisit,
  browser: string,
  application: Pick<Application, 'id'>,
  clientSecret: string,
): Promise<void> {
  const sealed = sealerOf(browser, application).seal(clientSecret, model);
  const unseen = artifactsOfModel(transaction, model, visit.options.now);
  await unseen.upsert(identifier(visit, application), { sealed }, lifetimeSeconds);
}

/**
 * Returns the client secret that this browser made and has not seen, and deletes it. Of several requests, only one gets
 * it.
 *
 * @returns null if there is none, if it has expired, or if the application has a newer secret
 */
export async function takeUnseen(visit: AccountVisit, application: Pick<Application, 'id'>): Promise<string | null> {
  const { options, request, response } = visit;
  const browser = browserSecret(options.provider, options.provider.createContext(request, response).cookies);
  if (browser === undefined) return null;
  const unseen = artifactsOfModel(options.store, model, options.now);
  const payload = await unseen.take(identifier(visit, application));
  if (!payload) return null;
  const clientSecret = opened(sealerOf(browser, application), String(payload['sealed']));
  if (clientSecret === null) return null;
  const found = await findApplicationWithSecret(options.store, application.id);
  const hash = found?.secretHash ?? null;
  return hash !== null && secretMatches(clientSecret, hash) ? clientSecret : null;
}

function identifier({ session }: AccountVisit, { id }: Pick<Application, 'id'>): string {
  return `${session.uid} ${id}`;
}

function sealerOf(browser: string, { id }: Pick<Application, 'id'>): Sealer {
  return createSealer([new Uint8Array(hkdfSync('sha256', browser, id, model, 32))]);
}

/** @returns null if the browser has another cookie than the browser that sealed it */
function opened(sealer: Sealer, sealed: string): string | null {
  try {
    return sealer.open(sealed, model);
  } catch {
    return null;
  }
}
