import type { Application } from './application.ts';

/**
 * The client ID of the application that comes with the server. It is public and native, for `npm run sign-in` and for
 * trials.
 */
export const firstPartyClientId = 'claimgate';

/**
 * The client ID of the explorer, which is a page of this server. Each start of the server creates this application, or
 * keeps it current (`identity/explorer-application.ts`).
 */
export const explorerClientId = 'claimgate-explorer';

const firstParty: ReadonlySet<string> = new Set([firstPartyClientId, explorerClientId]);

/** Whether an application comes with the server. No account registered it, and it did not register itself. */
export function isFirstParty({ id }: Pick<Application, 'id'>): boolean {
  return firstParty.has(id);
}

/**
 * Whether the answer of an authorization request goes to the explorer's own page. The origin of this page is this
 * server, so no other program can receive the answer while the server runs. Only the server sets this redirect URI.
 */
export function leadsToExplorer({ id, redirectUris }: Application, redirectUri: string): boolean {
  return id === explorerClientId && redirectUris.includes(redirectUri);
}

/** Finds out whether an application registered itself (RFC 7591). No account is responsible for it. */
export function registeredItself(application: Application): boolean {
  return application.registeredBy === null && !isFirstParty(application);
}

/**
 * Finds out whether an application registered itself without a token, or in an unknown way. No operator has checked it.
 * Its redirect URI is as untrusted as any other address on the web.
 */
export function isUnvetted(application: Application): boolean {
  return registeredItself(application) && application.selfRegistered !== 'token';
}
