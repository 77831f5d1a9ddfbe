import { ClaimgateError } from '../../src/errors.ts';
import { type BearerVerifier, issuerOf, makeKey, payloadOf, sign, verifierOf } from '../support/tokens.ts';
import { type Material, mutations, type Seed } from './mutations.ts';
import { seeded } from './random.ts';

/** What came of a run. */
export interface Findings {
  readonly count: number;
  /** Tokens by the reason that they were refused for. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Of all tokens together and of the slowest one, in milliseconds. */
  readonly elapsed: number;
  readonly slowest: { readonly milliseconds: number; readonly mutation: string; readonly length: number };
}

export interface FuzzOptions {
  readonly count: number;
  readonly seed: number;
  /** Told before each token is verified, so that somebody can see a hang. */
  readonly onToken?: (index: number, mutation: string) => void;
}

const algorithms = ['ES256', 'EdDSA', 'RS256'] as const;

/**
 * Mutates good tokens, and has every one of them refused, by a verifier that has the good ones in its cache.
 *
 * @throws Error with the mutation and the token: it was accepted, or something else than a refusal came of it
 */
export async function fuzz({ count, seed, onToken }: FuzzOptions): Promise<Findings> {
  const random = seeded(seed);
  const keys = algorithms.map((alg) => makeKey(alg));
  const verifier = verifierOf(issuerOf(keys));
  const seeds = keys.flatMap((key) => payloads.map((payload): Seed => ({ key, token: sign(key, { payload }) })));
  const good = new Set(seeds.map(({ token }) => token));
  const material: Material = { seeds, strangers: algorithms.map((alg) => makeKey(alg)), random };
  for (const token of good) await verifier.verify(token);

  const reasons = new Map<string, number>();
  let slowest = { milliseconds: 0, mutation: '', length: 0 };
  const names = Object.keys(mutations);
  const start = performance.now();
  for (let index = 0; index < count; ) {
    const mutation = random.pick(names);
    const token = mutations[mutation]?.(random.pick(seeds), material) ?? '';
    if (good.has(token)) continue;
    onToken?.(index, mutation);
    const begun = performance.now();
    const reason = await refusal(verifier, token, mutation);
    const milliseconds = performance.now() - begun;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    if (milliseconds > slowest.milliseconds) slowest = { milliseconds, mutation, length: token.length };
    index += 1;
  }
  for (const token of good) await verifier.verify(token);
  return { count, reasons: Object.fromEntries(reasons), elapsed: performance.now() - start, slowest };
}

const payloads = [
  payloadOf(),
  payloadOf({
    scope: undefined,
    aud: [payloadOf().aud, 'https://other.example'],
    nbf: 0,
    address: { a: [{ b: null }] },
  }),
];

/** Why it was refused. The token goes into the error: it is made by a key that no one trusts once this process is gone. */
async function refusal(verifier: BearerVerifier, token: string, mutation: string): Promise<string> {
  try {
    await verifier.verify(token);
  } catch (error) {
    if (error instanceof ClaimgateError && error.code === 'INVALID_TOKEN') return error.message;
    throw new Error(`${mutation} brought about an exception: ${JSON.stringify(token)}`, { cause: error });
  }
  throw new Error(`${mutation} was accepted: ${JSON.stringify(token)}`);
}
