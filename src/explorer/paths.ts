/** The path of the explorer. */
export const explorerPath = '/explorer';
/** The path to which the authorization server returns the code. `claimgate-explorer` has it as its redirect URI. */
export const callbackPath = '/explorer/callback';
/** The path of the page that shows the audit trail. */
export const activityPath = '/explorer/activity';
/** The path from which the explorer reads the trusted documents. */
export const documentsPath = '/explorer/documents';
/** The folder of the files for the browser. */
export const assetsPath = '/explorer/assets/';
