import type { ApolloServerPlugin } from '@apollo/server';
import { principalIfMade } from '../principal.ts';
import type { ProofChecker } from '../token/dpop/proof.ts';
import { schemeOf } from './challenge.ts';

/**
 * Gives whoever came with a DPoP proof the nonce for the next one (RFC 9449 §8.2, §9), so that only the first request and
 * the first after a long pause are answered `USE_DPOP_NONCE`. Where no nonces are asked for it does nothing.
 *
 * The answer becomes `no-store`: a nonce that a cache gives again is an old one.
 */
export function noncePlugin<Context extends object>(proofs: Pick<ProofChecker, 'nonce'>): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ contextValue, response: { http } }) => {
        const nonce = schemeOf(principalIfMade(contextValue)) === 'DPoP' ? proofs.nonce() : null;
        if (nonce === null) return;
        http.headers.set('dpop-nonce', nonce);
        http.headers.set('cache-control', 'no-store');
      },
    }),
  };
}
