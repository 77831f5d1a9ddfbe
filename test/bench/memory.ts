import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type CacheOptions, createTokenCache, type TokenCache } from '../../src/token/cache/cache.ts';
import { comparisons, form, header, issuer, requiredClaims } from '../../src/token/checks/checks.ts';
import { issuersByName } from '../../src/token/issuers/issuer.ts';
import { verifiedToken } from '../../src/token/checks/verified.ts';
import { encode, issuerOf, makeKey, now, payloadOf } from '../support/tokens.ts';

/** The memory that a token cache uses. */
export interface Memory {
  /** How many distinct tokens were added. */
  readonly tokens: number;
  readonly entries: number;
  /** The size of the cache by its own estimate, in bytes. */
  readonly reckoned: number;
  /** The growth of the heap after garbage collection, in bytes. */
  readonly grown: number;
}

/** Returns the payload of the token with this number. */
export type PayloadOf = (index: number) => Record<string, unknown>;

/** The claims of a foreign issuer's token that follows RFC 9068 and has no optional claims. */
export const plain: PayloadOf = (index) => payloadOf({ jti: `token-${index}`, sub: `account-${index}` });

/** The claims of a token of the embedded authorization server. */
export const own: PayloadOf = (index) => {
  const id = String(index).padStart(43, 'x');
  return {
    grant_id: `g${id.slice(1)}`,
    sid: `s${id.slice(1)}`,
    auth_time: now - 60,
    ...payloadOf({
      jti: id,
      sub: `a${id.slice(8)}`,
      client_id: 'claimgate',
      scope: 'openid profile applications grants',
    }),
  };
};

/**
 * Adds this many distinct tokens to a cache, like the verifier does, and measures the heap before and after. The tokens
 * are not signed. All checks except the signature check run, because the signature check does not add to the memory per
 * token.
 */
export async function weigh(count: number, payloadOf: PayloadOf, bounds: CacheOptions): Promise<Memory> {
  const cache = createTokenCache(bounds);
  // The first tokens create the objects that exist only once. They are not measured.
  for (let index = 0; index < 500; index += 1) await keep(cache, payloadOf(index));
  const before = { heap: heap(), entries: cache.entries, bytes: cache.bytes };
  for (let index = 500; index < 500 + count; index += 1) await keep(cache, payloadOf(index));
  const grown = heap() - before.heap;
  return { tokens: count, entries: cache.entries - before.entries, reckoned: cache.bytes - before.bytes, grown };
}

const key = makeKey();
const trusted = issuersByName([issuerOf([key])]);
const encodedHeader = encode({ alg: key.alg, typ: 'at+jwt', kid: key.kid });

async function keep(cache: TokenCache, payload: Record<string, unknown>): Promise<void> {
  const token = `${encodedHeader}.${encode(payload)}.${encode('signature')}`;
  const candidate = issuer.check(token, form.check(token), trusted, now);
  header.check(candidate);
  for (const { check } of comparisons) check(candidate);
  const signed = { ...candidate, signer: key.kid };
  cache.keep(cache.keyOf(token), verifiedToken(signed, requiredClaims.check(signed)));
}

/** Returns the bytes in use on the heap after garbage collection. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  // The flag adds `gc` only to contexts that are created afterwards.
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed;
}
