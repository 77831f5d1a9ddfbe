/**
 * The metadata of an authorization server (RFC 8414 §2), from the configuration or from discovery. It must not come
 * from a caller.
 */
export interface AuthorizationServer {
  /** `issuer`, exactly as in `iss` of ID tokens. */
  readonly issuer: string;
  /**
   * `token_endpoint`. This module does not check its scheme. The configuration must ensure that an http URL has a
   * loopback host.
   */
  readonly tokenEndpoint: string;
  /** `revocation_endpoint`. */
  readonly revocationEndpoint: string;
  /** `id_token_signing_alg_values_supported`, such as `ES256`. */
  readonly idTokenSigningAlgorithms: readonly string[];
}
