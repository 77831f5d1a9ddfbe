import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, type Provider } from 'oidc-provider';
import { firstPartyClientId } from '../../identity/applications/first-party.ts';
import { endSession } from '../../identity/sessions/end-sessions.ts';
import { noteBrowser, sessionName } from '../../identity/sessions/sessions.ts';
import type { Store } from '../../store/tables.ts';
import { bindBrowser, beganInBrowser } from '../sign-in/browser-binding.ts';
import { cookiesFor, interactionLifetimeSeconds, sessionLifetimeSeconds } from '../sign-in/cookies.ts';
import { credentialEpochOf } from '../adapter/credential-epoch.ts';
import { interactionPath, signedInPath } from '../paths.ts';
import { changingIn, factOf, type AuditOptions } from '../audit.ts';
import { seenBrowser } from '../request/user-agent.ts';

/** The session of a browser, as the library represents it. */
export type BrowserSession = Awaited<ReturnType<Provider['Session']['get']>>;

/** The options of a sign-in for the account page. */
export interface OwnSignInOptions {
  readonly provider: Provider;
  readonly store: Store;
  /** Our public URL. */
  readonly issuer: string;
}

interface FinishOptions extends OwnSignInOptions, Pick<AuditOptions, 'changing'> {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Returns the session of this browser; null if no account is signed in. */
export async function browserSession(
  { provider }: Pick<OwnSignInOptions, 'provider'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<(BrowserSession & { readonly accountId: string }) | null> {
  const session = await provider.Session.get(provider.createContext(request, response));
  return isSignedIn(session) ? session : null;
}

function isSignedIn(session: BrowserSession): session is BrowserSession & { readonly accountId: string } {
  return session.accountId !== undefined;
}

/**
 * Redirects to the sign-in pages. The factors and limits are the same as in a sign-in for an application, but nothing
 * is granted.
 *
 * @param opened the path of the page of the account to which the sign-in leads
 */
export async function beginSignIn(
  { provider, issuer }: OwnSignInOptions,
  request: IncomingMessage,
  response: ServerResponse,
  opened: string,
): Promise<void> {
  const uid = randomBytes(32).toString('base64url');
  // The types of the library do not have the parameters of the constructor.
  const Interaction = provider.Interaction as unknown as new (
    uid: string,
    payload: object,
  ) => InstanceType<Provider['Interaction']>;
  const interaction = new Interaction(uid, {
    returnTo: `${issuer}${signedInPath}`,
    prompt: { name: 'login', reasons: ['no_session'], details: {} },
    // The pages show the name of this application, which is Claimgate.
    params: { client_id: firstPartyClientId, redirect_uri: issuer + opened },
  });
  const { cookies } = provider.createContext(request, response);
  Object.assign(interaction, { browser: bindBrowser(provider, cookies) });
  await interaction.save(interactionLifetimeSeconds);
  const cookie = cookiesFor(issuer).attributes;
  const maxAge = interactionLifetimeSeconds * 1_000;
  const path = `${interactionPath}/${uid}`;
  cookies.set(provider.cookieName('interaction'), uid, { ...cookie, path, maxAge });
  cookies.set(provider.cookieName('resume'), uid, { ...cookie, path: signedInPath, maxAge });
  response.statusCode = 303;
  response.setHeader('location', path);
  response.setHeader('cache-control', 'no-store');
  response.end();
}

/**
 * Uses the result of the sign-in, and deletes it. The browser is then signed in, and its session has a new identifier.
 *
 * @returns the path of the page that the person opened before the sign-in; null if there is no valid result: the
 *   sign-in was cancelled, has expired, began in another browser, or has been used, or the account has a new credential
 *   epoch
 */
export async function finishSignIn(
  options: FinishOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<string | null> {
  const { provider, store } = options;
  const context = provider.createContext(request, response);
  const cookie = cookiesFor(provider.issuer).attributes;
  const uid = context.cookies.get(provider.cookieName('resume'), { signed: true });
  const interaction = uid === undefined ? undefined : await provider.Interaction.find(uid);
  context.cookies.set(provider.cookieName('resume'), null, { ...cookie, path: signedInPath });
  if (!interaction || !interaction.returnTo.endsWith(signedInPath)) return null;
  if (!beganInBrowser(provider, interaction, context.cookies)) return null;
  const { login } = interaction.result ?? {};
  try {
    await interaction.destroy();
  } catch (error) {
    // Another request has used the result.
    if (error instanceof errors.SessionNotFound) return null;
    throw error;
  }
  if (!login?.accountId) return null;
  const { accountId, amr, acr } = login;
  const session = await sessionFor(options, context, accountId);
  const details = { accountId, credentialEpoch: credentialEpochOf(login) };
  session.loginAccount({ ...details, ...(amr && { amr }), ...(acr !== undefined && { acr }) });
  session.resetIdentifier();
  await session.save(sessionLifetimeSeconds);
  // If the credential epoch of the account has changed meanwhile, the adapter does not store the session.
  if (!(await provider.Session.find(session.jti))) return null;
  // The adapter reads the headers only in requests that the library handles.
  await noteBrowser(store, sessionName(session.uid), seenBrowser(request.headers), options.now());
  setSession(provider, context, session.jti);
  // Only `beginSignIn` makes these interactions. Without the origin, the path cannot lead to another host.
  return new URL(String(interaction.params['redirect_uri'])).pathname;
}

/**
 * Returns the session of this browser. If another account is signed in there, it is signed out first. Otherwise tokens
 * of one account could name a session of another account.
 */
async function sessionFor(
  options: FinishOptions,
  context: ReturnType<Provider['createContext']>,
  accountId: string,
): Promise<BrowserSession> {
  const { provider, now } = options;
  const current = await provider.Session.get(context);
  const { accountId: other } = current;
  if (other === undefined || other === accountId) return current;
  await changingIn(options)(
    (transaction) => endSession(transaction, current.uid, now()),
    () => factOf('sign_out', { accountId: other }, 'another account signed in in this browser'),
  );
  return provider.Session.get(context);
}

/** Sets the cookie of the session in the answer. */
export function setSession(provider: Provider, { cookies }: ReturnType<Provider['createContext']>, id: string): void {
  const cookie = cookiesFor(provider.issuer).attributes;
  cookies.set(provider.cookieName('session'), id, { ...cookie, maxAge: sessionLifetimeSeconds * 1_000 });
}
