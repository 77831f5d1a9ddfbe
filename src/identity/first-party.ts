/** The client ID of the application that comes with the server: public, native, for `npm run sign-in` and trying out. */
export const firstPartyClientId = 'claimgate';
