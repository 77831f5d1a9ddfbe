import { decodeProtectedHeader } from 'jose';
import { errors, Provider } from 'oidc-provider';
import { readVerificationJwk } from '../../protocol/keys/jwk.ts';

/**
 * Rejects DPoP proofs with a key that `/graphql` also rejects, before the library imports the key. The library accepts
 * RSA keys of every size and exponent. Verification with a very large key takes long. With the exponent 1, every caller
 * can forge a signature.
 */
export function refuseUnusableProofKeys(provider: Provider): void {
  // The library calls this before it reads the proof.
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
    return null; // There is no proof, or the library rejects it because it is not a JWT.
  }
  const keyOrFault = jwk === undefined ? '' : readVerificationJwk(jwk);
  return typeof keyOrFault === 'string' && keyOrFault !== '' ? keyOrFault : null;
}
