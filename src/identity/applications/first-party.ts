import type { Application } from './application.ts';

/**
 * The client ID of the application that comes with the server. It is public and native, for `npm run sign-in` and for
 * trials.
 */
export const firstPartyClientId = 'claimgate';

/** The client ID of the explorer, which is a page of this server. */
export const explorerClientId = 'claimgate-explorer';

/** Finds out whether an application registered itself (RFC 7591). No account is responsible for it. */
export function registeredItself({ id, registeredBy }: Application): boolean {
  return registeredBy === null && id !== firstPartyClientId;
}

/**
 * Finds out whether an application registered itself without a token, or in an unknown way. No operator has checked it.
 * Its redirect URI is as untrusted as any other address on the web.
 */
export function isUnvetted(application: Application): boolean {
  return registeredItself(application) && application.selfRegistered !== 'token';
}
