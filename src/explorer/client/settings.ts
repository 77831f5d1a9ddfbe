/** How the explorer signs in. */
export type SignIn =
  /** At this server's own authorization server. The mutation `tokenBy` exchanges the code. */
  | { readonly kind: 'own'; readonly authorizationEndpoint: string; readonly tokenBy: 'exchangeAuthorizationCode' }
  /** At a foreign issuer. `beginAuthorization` and the exchange take the name of the connection. */
  | { readonly kind: 'connection'; readonly connection: string };

/** A scope of the API, with the text that the consent page shows. */
export interface SettingsScope {
  readonly name: string;
  readonly description: string;
}

/** The settings of the explorer's pages. The server writes them as JSON into each page. They contain no secret. */
export interface Settings {
  /** The name of the product, in headings and titles. */
  readonly productName: string;
  /** The public scheme, host and port of the server. */
  readonly publicUrl: string;
  /** The path of the API endpoint. */
  readonly endpoint: string;
  /** The client ID of the explorer at the embedded authorization server. */
  readonly clientId: string;
  /** Null if the explorer cannot sign in. `signInFault` then says why. */
  readonly signIn: SignIn | null;
  /** Why `signIn` is null, as a sentence for the person at the page; null if `signIn` is not. */
  readonly signInFault: string | null;
  /** The scopes of the API. */
  readonly scopes: readonly SettingsScope[];
  /** Which callers may read the schema. */
  readonly introspection: 'open' | 'authenticated' | 'off';
  /**
   * The coordinates of the arguments and input fields with `@sensitive`. Null if not everyone may read the schema. The
   * page then keeps and shares no variables.
   */
  readonly sensitiveInputs: readonly string[] | null;
  /** The names of Claimgate's directives in the schema. */
  readonly directiveNames: { readonly auth: string; readonly public: string; readonly sensitive: string };
  /**
   * The prefix of the names of the identity API, such as `Claimgate`; an empty string if they have no prefix. Absent: the
   * schema has no accounts and no audit trail.
   */
  readonly audit?: { readonly prefix: string };
  /** The same prefix, also with a foreign issuer. Absent: the schema has no identity API. */
  readonly identityApi?: { readonly prefix: string };
  /**
   * Whether only trusted documents run, and whether a caller who signs in on the page may send every document. Absent: the
   * server has no trusted documents.
   */
  readonly trusted?: { readonly only: boolean; readonly isFree: boolean };
  /** Whether the server serves `/explorer`. The page of Apollo Sandbox links to it. */
  readonly explorer: boolean;
}

/** The settings of the page of Apollo Sandbox. */
export interface SandboxSettings extends Settings {
  /** The document in the editor at the first visit. The frame gets it. */
  readonly firstDocument: string;
}

/**
 * Reads the settings from the page.
 *
 * @throws Error if the page has no settings
 */
export function readSettings(page: {
  getElementById(id: string): { readonly textContent: string | null } | null;
}): Settings {
  const text = page.getElementById('settings')?.textContent;
  if (!text) throw new Error('The page has no element with the ID "settings": expected the settings as JSON');
  return JSON.parse(text) as Settings;
}
