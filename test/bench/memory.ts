import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type CacheOptions, createTokenCache } from '../../src/token/cache.ts';
import { createVerifier } from '../../src/token/verify.ts';
import { bearing, issuerOf, makeKey, now, payloadOf, sign } from '../support/tokens.ts';

/** What a cache of tokens takes. */
export interface Memory {
  /** How many distinct tokens were verified. */
  readonly verified: number;
  readonly entries: number;
  /** What the cache reckons that it takes, in bytes. */
  readonly reckoned: number;
  /** By how much the heap grew, in bytes, after garbage collection. */
  readonly grown: number;
}

/** Verifies so many distinct tokens through a cache, and weighs the heap before and after. */
export async function weigh(count: number, bounds: CacheOptions): Promise<Memory> {
  const key = makeKey();
  const cache = createTokenCache(bounds);
  const verifier = bearing(createVerifier({ issuers: [issuerOf([key])], clock: () => now * 1000, cache }));
  // Whatever is made once, is made before.
  await verifier.verify(sign(key));
  const before = heap();
  for (let index = 0; index < count; index += 1) {
    await verifier.verify(sign(key, { payload: payloadOf({ jti: `token-${index}`, sub: `account-${index}` }) }));
  }
  return { verified: count, entries: cache.entries, reckoned: cache.bytes, grown: heap() - before };
}

/** Bytes in use on the heap once all that is garbage is gone. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  // The flag makes the function in contexts that are made after it.
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed;
}
