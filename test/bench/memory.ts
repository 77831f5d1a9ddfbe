import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type CacheOptions, createTokenCache, type TokenCache } from '../../src/token/cache/cache.ts';
import { comparisons, form, header, issuer, requiredClaims } from '../../src/token/checks/checks.ts';
import { issuersByName } from '../../src/token/issuers/issuer.ts';
import { verifiedToken } from '../../src/token/checks/verified.ts';
import { encode, issuerOf, makeKey, now, payloadOf } from '../support/tokens.ts';

/** What a cache of tokens takes. */
export interface Memory {
  /** How many distinct tokens were put into it. */
  readonly tokens: number;
  readonly entries: number;
  /** What the cache reckons that it takes, in bytes. */
  readonly reckoned: number;
  /** By how much the heap grew, in bytes, after garbage collection. */
  readonly grown: number;
}

/** The payload of the token of a number. */
export type PayloadOf = (index: number) => Record<string, unknown>;

/** What a token of a foreign issuer says that follows RFC 9068 and says no more than it must. */
export const plain: PayloadOf = (index) => payloadOf({ jti: `token-${index}`, sub: `account-${index}` });

/** What a token of the embedded authorization server says. */
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
 * Puts so many distinct tokens into a cache as the verifier does, and weighs the heap before and after. They are not signed,
 * and everything is checked but their signature: what that leaves behind does not depend on how many there were.
 */
export async function weigh(count: number, payloadOf: PayloadOf, bounds: CacheOptions): Promise<Memory> {
  const cache = createTokenCache(bounds);
  // Whatever is made once, is made before.
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

/** Bytes in use on the heap once all that is garbage is gone. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  // The flag makes the function in contexts that are made after it.
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed;
}
