/**
 * The metadata of an authorization server (RFC 8414 §2), from the configuration or from its own discovery. It must not
 * come from a caller.
 */
export interface AuthorizationServer {
  /** `issuer`, exactly as in `iss` of its ID tokens. */
  readonly issuer: string;
  /** `token_endpoint`. An http URL is requested over plain http: the configuration must ensure that it is a loopback address. */
  readonly tokenEndpoint: string;
  /** `revocation_endpoint`. */
  readonly revocationEndpoint: string;
  /** `id_token_signing_alg_values_supported`, such as `ES256`. */
  readonly idTokenSigningAlgorithms: readonly string[];
}
