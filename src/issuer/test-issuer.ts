import { isRecord } from '../protocol/record.ts';
import { IssuerFault } from './fault.ts';

/** The header of each answer of an issuer of `claimgate/testing`. Such an issuer makes tokens for any caller. */
export const testIssuerHeader = 'claimgate-test-issuer';

/** The member of each public key (RFC 7517 §4) of an issuer of `claimgate/testing`. */
export const testKeyMember = 'claimgate_test_issuer';

/** Whether a key set has a key of an issuer of `claimgate/testing`. */
export function hasTestKey(jwks: { readonly keys: readonly unknown[] }): boolean {
  return jwks.keys.some((key) => isRecord(key) && key[testKeyMember] === true);
}

/**
 * Makes a `fetch` that refuses the answers of an issuer of `claimgate/testing`. Therefore its metadata and its keys are
 * not available, and no token of it is accepted.
 */
export function refusingTestIssuers(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!response.headers.has(testIssuerHeader)) return response;
    await response.body?.cancel();
    throw new IssuerFault(`${input instanceof Request ? input.url : String(input)} is ${noTestIssuer}`, 'test-issuer');
  };
}

/** The end of a message about an issuer of `claimgate/testing`. */
export const noTestIssuer =
  'an issuer of claimgate/testing, which makes tokens for any caller: expected an issuer that authenticates its callers, or NODE_ENV=development or NODE_ENV=test';
