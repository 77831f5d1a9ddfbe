import { decodeProtectedHeader } from 'jose';
import { errors, Provider } from 'oidc-provider';
import { readVerificationJwk } from '../../protocol/jwk.ts';

/**
 * Refuses DPoP proofs whose key cannot verify signatures here, as `/graphql` refuses them, before the library imports the key.
 * The library takes RSA keys of each size and exponent: to verify with a very large one takes long, and a token that is bound
 * to a key with exponent 1 is bound to nothing.
 */
export function refuseUnusableProofKeys(provider: Provider): void {
  // The first call that the library makes with what a request holds.
  const find = provider.Client.find.bind(provider.Client);
  provider.Client.find = async (id) => {
    const { ctx } = Provider;
    const fault = ctx ? keyFault(ctx.get('dpop')) : null;
    if (fault !== null) throw new errors.InvalidDpopProof(`its key (jwk) is not usable: ${fault}`);
    return find(id);
  };
}

function keyFault(proof: string): string | null {
  let jwk: unknown;
  try {
    ({ jwk } = decodeProtectedHeader(proof));
  } catch {
    return null; // There is no proof, or it is no JWT, which the library refuses.
  }
  const read = jwk === undefined ? '' : readVerificationJwk(jwk);
  return typeof read === 'string' && read !== '' ? read : null;
}
