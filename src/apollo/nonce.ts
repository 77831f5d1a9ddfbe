import { checkOptions } from '../protocol/options/check-options.ts';
import { withFunctions } from '../protocol/options/kinds.ts';
import type { ApolloServerPlugin } from '@apollo/server';
import { setNonce } from '../request/answer/nonce.ts';
import type { ProofChecker } from '../token/dpop/proof.ts';

const checkProofs = withFunctions('the result of createProofChecker', 'nonce');

/**
 * Makes the plugin that sends the nonce for the next DPoP proof (RFC 9449 §8.2, §9). The nonce is in the answer to each
 * request with an accepted proof. The error of a refused request has a nonce too. Therefore a client gets
 * `USE_DPOP_NONCE` only for its first request, and for the first request after a long pause. If no nonces are required,
 * the plugin does nothing.
 *
 * An answer with a nonce has `Cache-Control: no-store`, because a cache would send an old nonce.
 *
 * @param proofs - the checker of proofs that the verifier uses
 * @throws StartError if `proofs` is not a checker of proofs
 */
export function noncePlugin<Context extends object>(proofs: Pick<ProofChecker, 'nonce'>): ApolloServerPlugin<Context> {
  checkOptions('noncePlugin', proofs, checkProofs);
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ contextValue, response: { http } }) => setNonce(contextValue, proofs, http),
    }),
  };
}
