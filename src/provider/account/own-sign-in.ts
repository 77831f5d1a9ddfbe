import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, type Provider } from 'oidc-provider';
import { firstPartyClientId } from '../../identity/applications/first-party.ts';
import { endSession } from '../../identity/sessions/end-sessions.ts';
import { noteUserAgent, sessionName } from '../../identity/sessions/sessions.ts';
import type { Store } from '../../store/tables.ts';
import { browserIn, isOfBrowser } from '../sign-in/browser-binding.ts';
import { cookiesFor, interactionLifetime, sessionLifetime } from '../sign-in/cookies.ts';
import { credentialEpochOf } from '../adapter/credential-epoch.ts';
import { interactionPath } from '../provider.ts';
import { changingIn, factOf, type Witnesses } from '../audit.ts';
import { userAgentOf } from '../request/user-agent.ts';

/** The session of a browser, as the library keeps it. */
export type BrowserSession = Awaited<ReturnType<Provider['Session']['get']>>;

export interface OwnSignInOptions {
  readonly provider: Provider;
  readonly store: Store;
  /** Our public URL. */
  readonly issuer: string;
}

/** Clock, and audit trail, of the end of a sign-in. */
interface FinishOptions extends OwnSignInOptions, Pick<Witnesses, 'changing'> {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Where somebody comes back to who signed in for a page of ours. */
export const signedInPath = '/account/signed-in';

/** The session of this browser, in which somebody is signed in; null where nobody is. */
export async function presentSession(
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
 * Sends the browser to the pages of a sign-in, with all of its factors and limits, as an application would; no application is
 * in it and nothing is granted.
 */
export async function beginSignIn(
  { provider, issuer }: OwnSignInOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const uid = randomBytes(32).toString('base64url');
  // Its types leave the parameters of the constructor out.
  const Interaction = provider.Interaction as unknown as new (
    uid: string,
    payload: object,
  ) => InstanceType<Provider['Interaction']>;
  const interaction = new Interaction(uid, {
    returnTo: `${issuer}${signedInPath}`,
    prompt: { name: 'login', reasons: ['no_session'], details: {} },
    // The pages name the application that comes with the server, which is Claimgate itself.
    params: { client_id: firstPartyClientId, redirect_uri: `${issuer}/account` },
  });
  const { cookies } = provider.createContext(request, response);
  Object.assign(interaction, { browser: browserIn(provider, cookies) });
  await interaction.save(interactionLifetime);
  const cookie = cookiesFor(issuer).attributes;
  const maxAge = interactionLifetime * 1_000;
  const path = `${interactionPath}/${uid}`;
  cookies.set(provider.cookieName('interaction'), uid, { ...cookie, path, maxAge });
  cookies.set(provider.cookieName('resume'), uid, { ...cookie, path: signedInPath, maxAge });
  response.statusCode = 303;
  response.setHeader('location', path);
  response.setHeader('cache-control', 'no-store');
  response.end();
}

/**
 * Takes what came of it, once: the browser is signed in from now on, in a session with a new identifier.
 *
 * @returns false where nothing came of it
 */
export async function finishSignIn(
  options: FinishOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const { provider, store } = options;
  const context = provider.createContext(request, response);
  const cookie = cookiesFor(provider.issuer).attributes;
  const uid = context.cookies.get(provider.cookieName('resume'), { signed: true });
  const interaction = uid === undefined ? undefined : await provider.Interaction.find(uid);
  context.cookies.set(provider.cookieName('resume'), null, { ...cookie, path: signedInPath });
  if (!interaction || !interaction.returnTo.endsWith(signedInPath)) return false;
  if (!isOfBrowser(provider, interaction, context.cookies)) return false;
  const { login } = interaction.result ?? {};
  try {
    await interaction.destroy();
  } catch (error) {
    // Of two requests that take the same result, one gets it.
    if (error instanceof errors.SessionNotFound) return false;
    throw error;
  }
  if (!login?.accountId) return false;
  const { accountId, amr, acr } = login;
  const session = await sessionFor(options, context, accountId);
  const details = { accountId, credentialEpoch: credentialEpochOf(login) };
  session.loginAccount({ ...details, ...(amr && { amr }), ...(acr !== undefined && { acr }) });
  session.resetIdentifier();
  await session.save(sessionLifetime);
  // It is not kept where the account got another password, or was disabled, since it proved itself.
  if (!(await provider.Session.find(session.jti))) return false;
  // Outside of the library's own requests its adapter sees no request.
  await noteUserAgent(store, sessionName(session.uid), userAgentOf(request.headers['user-agent']));
  setSession(provider, context, session.jti);
  return true;
}

/**
 * The session of this browser. Where another account signed in in it meanwhile, that one is signed out first: the tokens of one
 * account shall not name a session of another.
 */
async function sessionFor(
  options: FinishOptions,
  context: ReturnType<Provider['createContext']>,
  accountId: string,
): Promise<BrowserSession> {
  const { provider, now } = options;
  const present = await provider.Session.get(context);
  const { accountId: other } = present;
  if (other === undefined || other === accountId) return present;
  await changingIn(options)(
    (transaction) => endSession(transaction, present.uid, now()),
    () => factOf('sign_out', { accountId: other }, 'another account signed in in this browser'),
  );
  return provider.Session.get(context);
}

/** Gives the browser the identifier of its session. */
export function setSession(provider: Provider, { cookies }: ReturnType<Provider['createContext']>, id: string): void {
  const cookie = cookiesFor(provider.issuer).attributes;
  cookies.set(provider.cookieName('session'), id, { ...cookie, maxAge: sessionLifetime * 1_000 });
}
