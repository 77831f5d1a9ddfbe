import type { Application } from './applications.ts';

/** The client ID of the application that comes with the server: public, native, for `npm run sign-in` and trying out. */
export const firstPartyClientId = 'claimgate';

/** Whether an application registered itself (RFC 7591): no account stands behind it. */
export function registeredItself({ id, registeredBy }: Application): boolean {
  return registeredBy === null && id !== firstPartyClientId;
}
