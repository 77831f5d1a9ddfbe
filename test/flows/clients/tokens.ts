/** What an application keeps of a sign-in. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

/** What all recipes are made with. */
export interface Options {
  /** The API endpoint, as `https://api.example.com/graphql`. */
  readonly url: string;
  /** The client ID of a public application. */
  readonly clientId: string;
  /** Where the application keeps its tokens. A renewal replaces both. */
  readonly tokens: Tokens;
}
