import { asymmetricAlgorithms } from '../../protocol/keys/algorithms.ts';

type Payload = Readonly<Record<string, unknown>>;

/** The form of an issuer's access tokens. Issuers differ in these values. */
export interface TokenShape {
  /** The accepted values of `alg`. */
  readonly algorithms: readonly string[];
  /**
   * The accepted values of `typ`. Case and the prefix `application/` are ignored. null accepts a header without `typ`.
   */
  readonly typ: readonly (string | null)[];
  /** The claims that may hold the audience. The first claim that is present counts. */
  readonly audienceClaims: readonly string[];
  /** The claims that may hold the client ID. The first claim that is present counts. Empty: no token names a client. */
  readonly clientIdClaims: readonly string[];
  /** Whether a token may omit the client ID. */
  readonly clientless: boolean;
  /** The claims that may hold the token ID. The first claim that is present counts. Empty: no token has an ID. */
  readonly tokenIdClaims: readonly string[];
  /** Whether a token may omit the token ID. */
  readonly anonymousTokens: boolean;
  /**
   * The claims that hold scopes. The value of a claim is a text of scopes separated by spaces, or an array of texts.
   * The token has the scopes of all these claims.
   */
  readonly scopeClaims: readonly string[];
  /**
   * Claims that must have one of the listed values. If no value is listed, the claim must be present with any value.
   */
  readonly required: Readonly<Record<string, readonly string[]>>;
  /** Claims that must be absent. Only tokens of other kinds have them. */
  readonly forbidden: readonly string[];
  /** Returns whether a token belongs to an application without a person. */
  readonly isApplication: (payload: Payload, subject: string, clientId: string | null) => boolean;
}

/**
 * Claims of ID tokens and logout tokens (OpenID Connect Core §2, §3.3.2.11; Back-Channel Logout §2.4). Access tokens
 * normally have none of them. If `typ` does not distinguish the ID tokens of an issuer from its access tokens, these
 * claims do.
 */
export const identityClaims: readonly string[] = ['nonce', 'at_hash', 'c_hash', 'events'];

/** The form that RFC 9068 gives to access tokens. */
export const standardShape: TokenShape = {
  algorithms: asymmetricAlgorithms,
  typ: ['at+jwt'],
  audienceClaims: ['aud'],
  clientIdClaims: ['client_id'],
  clientless: false,
  tokenIdClaims: ['jti'],
  anonymousTokens: false,
  scopeClaims: ['scope'],
  required: {},
  forbidden: [],
  // If a token belongs to an application without a person, `sub` identifies the application (RFC 9068 §2.2).
  isApplication: (_, subject, clientId) => subject === clientId,
};
