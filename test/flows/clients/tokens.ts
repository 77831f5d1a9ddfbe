/** The tokens that an application stores after a sign-in. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

/** The options of every recipe. */
export interface Options {
  /** The API endpoint, for example `https://api.example.com/graphql`. */
  readonly url: string;
  /** The client ID of a public application. */
  readonly clientId: string;
  /** The application's tokens. A renewal replaces both. */
  readonly tokens: Tokens;
}
