/** How long codes, tokens and grants are valid, in seconds. */
export interface Lifetimes {
  /** An authorization code. Default 60. */
  readonly code: number;
  /** An access token. Default 600. */
  readonly access: number;
  /** A grant and its refresh tokens, from the consent on. Default 1,209,600 (14 days). */
  readonly refresh: number;
  /**
   * How long the repeated use of a refresh token counts as a race. Within this time after its first use, the token is
   * only rejected. Later, its grant is revoked too. 1 to 300. Default 10.
   */
  readonly grace: number;
}
