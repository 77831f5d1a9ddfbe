import { type CryptoKey, importJWK, type JWTVerifyOptions, jwtVerify } from 'jose';
import { createVerifier } from '../../src/token/verify.ts';
import {
  audience,
  issuer,
  issuerOf,
  makeKey,
  now,
  payloadOf,
  sign,
  target,
  type TestAlgorithm,
} from '../support/tokens.ts';
import { own, plain, weigh } from './memory.ts';
import { show, spreadOf, table } from './spread.ts';

/** Rounds before the measurement. */
const warmUp = 15;
/** Measured rounds. */
const rounds = 31;
/** Distinct tokens in each round. */
const size = 400;
/** Tokens before the next contender's turn. */
const turn = 5;
/** Hits for each miss. */
const hits = 20;

/** Processor time for one token in microseconds, for one round. */
interface Round {
  readonly bare: number;
  readonly miss: number;
  readonly hit: number;
}

/** `node test/bench/verify.ts` measures what verification costs, for the table in test/bench/README.md. */
async function main(): Promise<void> {
  const rows: string[][] = [];
  for (const alg of ['ES256', 'EdDSA', 'RS256'] as const) {
    const measured = await measure(alg);
    const of = (choose: (round: Round) => number) => spreadOf(measured.map(choose));
    rows.push([
      alg,
      show(
        of(({ bare }) => bare),
        0,
        ' µs',
      ),
      show(
        of(({ miss }) => miss),
        0,
        ' µs',
      ),
      show(
        of(({ bare, miss }) => miss / bare),
        2,
      ),
      show(
        of(({ hit }) => hit),
        2,
        ' µs',
      ),
      `1/${show(
        of(({ bare, hit }) => bare / hit),
        0,
      )}`,
    ]);
  }
  print(
    `Processor time, median (least–greatest) of ${rounds} rounds of ${size} distinct tokens, one after another, both in turns.\n`,
  );
  print(table(['', 'jose `jwtVerify`', 'miss', 'miss ÷ jose', 'hit', 'hit ÷ jose'], rows));

  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  for (const [kind, payload] of Object.entries({ 'of few claims': plain, 'of the embedded server': own })) {
    // Together with the 500 warm-up tokens, this reaches the bound exactly.
    const { tokens, entries, reckoned, grown } = await weigh(99_500, payload, {});
    print(
      `\n${tokens} distinct tokens ${kind}, after 500 others: all but ${tokens - entries} in the cache, reckoned at ${mebibytes(reckoned)}; the heap grew by ${mebibytes(grown)}.`,
    );
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function measure(alg: TestAlgorithm): Promise<readonly Round[]> {
  const key = makeKey(alg);
  // For an asymmetric key, jose returns a CryptoKey.
  const publicKey = (await importJWK(key.publicJwk, alg)) as CryptoKey;
  const options: JWTVerifyOptions = {
    issuer,
    audience,
    algorithms: [alg],
    typ: 'at+jwt',
    clockTolerance: 5,
    currentDate: new Date(now * 1000),
  };
  const trusted = issuerOf([key]);
  const tokens = Array.from({ length: size }, (_, index) =>
    sign(key, { payload: payloadOf({ jti: `token-${index}`, auth_time: now - 60, sid: `session-${index}` }) }),
  );
  const repeated = Array.from({ length: hits }, () => tokens).flat();
  const measured: Round[] = [];
  for (let round = -warmUp; round < rounds; round += 1) {
    // Each round has a new verifier with an empty cache, so every token misses.
    const verifier = createVerifier({ issuers: [trusted], clock: () => now * 1000 });
    const bearer = (token: string): unknown => verifier.verify({ scheme: 'Bearer', token }, target);
    const bare = { microseconds: 0, verify: (token: string): unknown => jwtVerify(token, publicKey, options) };
    const miss = { microseconds: 0, verify: bearer };
    for (let at = 0; at < size; at += turn) {
      // The order alternates, so each contender is first equally often.
      for (const contender of at % (2 * turn) === 0 ? [bare, miss] : [miss, bare]) {
        contender.microseconds += await timed(tokens.slice(at, at + turn), contender.verify);
      }
    }
    const hit = await timed(repeated, bearer);
    if (round < 0) continue;
    measured.push({ bare: bare.microseconds / size, miss: miss.microseconds / size, hit: hit / (size * hits) });
  }
  return measured;
}

/**
 * Returns the processor time that it takes to verify tokens one after another, in microseconds, with the threads of the
 * cryptography. Unlike time on the clock, it does not count other work of the machine. Synchronous answers are not
 * awaited.
 */
async function timed(tokens: readonly string[], verify: (token: string) => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (const token of tokens) {
    const answer = verify(token);
    if (answer instanceof Promise) await answer;
  }
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

await main();
