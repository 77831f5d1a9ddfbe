/** What there is to know of an authorization server (RFC 8414 §2), from configuration or its own discovery: never from a caller. */
export interface AuthorizationServer {
  /** `issuer`, exactly as it stands in ID tokens. */
  readonly issuer: string;
  /** `token_endpoint`. Plain http is spoken where this URL says so: whoever configures it has seen to it that it is loopback. */
  readonly tokenEndpoint: string;
  /** `revocation_endpoint`. */
  readonly revocationEndpoint: string;
  /** `id_token_signing_alg_values_supported`, such as `ES256`. */
  readonly idTokenSigningAlgorithms: readonly string[];
}
