import { asymmetricAlgorithms } from '../../protocol/algorithms.ts';

type Payload = Readonly<Record<string, unknown>>;

/** What an issuer's access tokens look like, where issuers differ. Claims are named in the order in which they are looked for. */
export interface TokenShape {
  /** `alg`. */
  readonly algorithms: readonly string[];
  /** `typ`, in any case, with or without `application/`; null: there is none. */
  readonly typ: readonly (string | null)[];
  /** Where the audience is: the first that is there. */
  readonly audienceClaims: readonly string[];
  /** Where the client's ID is: the first that is there. Empty: no token names a client. */
  readonly clientIdClaims: readonly string[];
  /** Whether some of its tokens name no client. */
  readonly clientless: boolean;
  /** Where the token's own ID is: the first that is there. Empty: no token has one. */
  readonly tokenIdClaims: readonly string[];
  /** Whether some of its tokens have no ID. */
  readonly anonymousTokens: boolean;
  /** Where the scopes are: all of them together, each a text with spaces or an array of texts. */
  readonly scopeClaims: readonly string[];
  /** Claims that must have one of these values; with no values listed, claims that must be there. */
  readonly required: Readonly<Record<string, readonly string[]>>;
  /** Claims that no access token has, but other tokens of this issuer do. */
  readonly forbidden: readonly string[];
  /** Whether a token stands for an application alone, without a person. */
  readonly isApplication: (payload: Payload, subject: string, clientId: string | null) => boolean;
}

/**
 * What only ID tokens and logout tokens say (OpenID Connect Core §2, §3.3.2.11; Back-Channel Logout §2.4). An issuer that
 * calls its access tokens plain `JWT` calls those so too.
 */
export const identityClaims: readonly string[] = ['nonce', 'at_hash', 'c_hash', 'events'];

/** RFC 9068. */
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
  // RFC 9068 §2.2: where no person takes part, the subject is the application itself.
  isApplication: (_, subject, clientId) => subject === clientId,
};
