/** The path of the explorer. */
export const explorerPath = '/explorer';
/** The path to which the authorization server returns the code. `claimgate-explorer` has it as its redirect URI. */
export const callbackPath = '/explorer/callback';
/** The folder of the files for the browser. */
export const assetsPath = '/explorer/assets/';
