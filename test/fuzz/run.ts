import { ClaimgateError } from '../../src/errors.ts';
import { type BearerVerifier, issuerOf, makeKey, payloadOf, sign, verifierOf } from '../support/tokens.ts';
import { type Material, mutations, type Seed } from './mutations.ts';
import { seeded } from './random.ts';

/** The result of a run. */
export interface Findings {
  readonly count: number;
  /** The number of tokens for each reason of refusal. */
  readonly reasons: Readonly<Record<string, number>>;
  /** The time for all tokens, in milliseconds. */
  readonly elapsed: number;
  readonly slowest: { readonly milliseconds: number; readonly mutation: string; readonly length: number };
}

export interface FuzzOptions {
  readonly count: number;
  readonly seed: number;
  /** Called before each token is verified, so that a hang can be detected. */
  readonly onToken?: (index: number, mutation: string) => void;
}

const algorithms = ['ES256', 'EdDSA', 'RS256'] as const;

/**
 * Mutates valid tokens and verifies the results. The verifier has the valid tokens in its cache.
 * @throws Error with the mutation and the token, if a token was accepted or did not cause a refusal
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

/**
 * Returns the reason of the refusal. The error contains the token, which is safe because its key exists only in this
 * process.
 */
async function refusal(verifier: BearerVerifier, token: string, mutation: string): Promise<string> {
  try {
    await verifier.verify(token);
  } catch (error) {
    if (error instanceof ClaimgateError && error.code === 'INVALID_TOKEN') return error.message;
    throw new Error(`${mutation} brought about an exception: ${JSON.stringify(token)}`, { cause: error });
  }
  throw new Error(`${mutation} was accepted: ${JSON.stringify(token)}`);
}
