import type { Application } from './application.ts';

/** The client ID of the application that comes with the server: public, native, for `npm run sign-in` and trying out. */
export const firstPartyClientId = 'claimgate';

/** Whether an application registered itself (RFC 7591): no account stands behind it. */
export function registeredItself({ id, registeredBy }: Application): boolean {
  return registeredBy === null && id !== firstPartyClientId;
}

/**
 * Whether an application registered itself without a token, or it is not known how: no operator has looked at it, so its address
 * counts as any address of the web.
 */
export function isUnvetted(application: Application): boolean {
  return registeredItself(application) && application.selfRegistered !== 'token';
}
