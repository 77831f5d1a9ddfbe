import { randomUUID } from 'node:crypto';
import { signed, type SigningPair, tokenHash } from './signing.ts';

/** An access token that is bound to a key (RFC 9449). */
export interface BoundToken {
  readonly token: string;
  /**
   * Makes the headers of a request: the token, and a new proof of the key. A proof is valid for one request.
   *
   * @param request - the method and the URL of the request. Default: POST to the audience of the token. `nonce`: the
   * nonce that the API requires. Default: none
   */
  readonly headers: (request?: { readonly method?: string; readonly url?: string; readonly nonce?: string }) => {
    readonly authorization: string;
    readonly dpop: string;
  };
}

/**
 * Makes the bound token of a key.
 *
 * @param holder - the key to which the token is bound
 * @param defaults - the URL of requests, and the time in milliseconds since the epoch
 */
export function boundToken(
  token: string,
  holder: SigningPair,
  defaults: { readonly url: string; readonly clock: () => number },
): BoundToken {
  const { kty, crv, x, y } = holder.publicJwk;
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } };
  return {
    token,
    headers({ method = 'POST', url = defaults.url, nonce } = {}) {
      const proof = {
        htm: method,
        htu: url,
        iat: Math.floor(defaults.clock() / 1_000),
        jti: randomUUID(),
        ath: tokenHash(token),
        ...(nonce !== undefined && { nonce }),
      };
      return { authorization: `DPoP ${token}`, dpop: signed(holder, header, proof) };
    },
  };
}
