import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { GraphQLError } from 'graphql';
import { callerReader } from '../../src/request/context.ts';
import { localKeys } from '../../src/issuer/key-source.ts';
import { createRevocations } from '../../src/token/revocation/revocations.ts';
import { createVerifier, type Verifier } from '../../src/token/verify.ts';
import { issuer, issuerOf, keySet, makeKey, now, payloadOf, sign, target } from '../support/tokens.ts';

const key = makeKey('EdDSA');
const other = makeKey('EdDSA');
const thumbprint = 'x'.repeat(43);
const tokens = {
  known: sign(key),
  second: sign(key, { payload: payloadOf({ jti: 'token-2', sub: 'bob' }) }),
  brief: sign(key, { payload: payloadOf({ jti: 'token-3', exp: now + 10 }) }),
  bound: sign(key, { payload: payloadOf({ jti: 'token-4', cnf: { jkt: thumbprint } }) }),
  ofOtherKey: sign(other, { payload: payloadOf({ jti: 'token-5' }) }),
};

/** What a caller of `createContext` sees, and what was reported. */
interface Outcome {
  readonly caller: unknown;
  readonly reports: readonly string[];
}

/** A verifier, and a reader of callers whose known tokens are found (`quick`), or are always verified. */
function openReader(isQuick: boolean) {
  const state = { time: now * 1_000, set: keySet(key, other) };
  const clock = () => state.time;
  const revocations = createRevocations({ clock });
  let reports: string[] = [];
  const verifier = createVerifier({
    issuers: [issuerOf([key, other], { keys: localKeys(() => state.set) })],
    clock,
    revocations,
    onVerification: (error, cached) => reports.push(`${error?.code ?? 'ok'} ${cached}`),
  });
  const verify: Verifier['verify'] = (credential, to) => verifier.verify(credential, to);
  const callerOf = callerReader({
    verifier: isQuick ? verifier : { verify },
    url: target.url,
    realm: 'r',
    resourceMetadata: 'm',
  });
  return {
    state,
    revocations,
    verifier,
    call: async (lines: readonly string[]): Promise<Outcome> => {
      reports = [];
      try {
        // Each request has texts of its own.
        const caller = await callerOf(
          lines.map((line) => Buffer.from(line, 'latin1').toString('latin1')),
          'POST',
        );
        return { caller: JSON.stringify({ ...caller, scopes: [] }), reports };
      } catch (error) {
        assert.ok(error instanceof GraphQLError, String(error));
        return { caller: [error.message, error.extensions], reports };
      }
    },
  };
}

/** Asserts that both readers answer a request alike. @returns the answer */
async function alike(readers: readonly [Reader, Reader], lines: readonly string[]): Promise<Outcome> {
  const [quick, always] = [await readers[0].call(lines), await readers[1].call(lines)];
  assert.deepEqual(quick, always, JSON.stringify(lines));
  return quick;
}

type Reader = ReturnType<typeof openReader>;

function openBoth(): [Reader, Reader] {
  return [openReader(true), openReader(false)];
}

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Texts that callers have sent, or could send, in place of a token. */
const changes: Readonly<Record<string, (token: string) => string>> = {
  none: (token) => token,
  truncated: (token) => token.slice(0, -1),
  padded: (token) => `${token}=`,
  'padded twice': (token) => `${token}==`,
  'with a space before it': (token) => ` ${token}`,
  'with a space after it': (token) => `${token} `,
  'with a space in it': (token) => `${token.slice(0, 40)} ${token.slice(40)}`,
  'with a comma': (token) => `${token},`,
  'of another alphabet': (token) => token.replaceAll('-', '+').replaceAll('_', '/'),
  'with a letter beyond ASCII': (token) => `${token.slice(0, -1)}\u00e9`,
  'with the payload of another': (token) => spliced(token, tokens.second, 1),
  'with the signature of another': (token) => spliced(token, tokens.second, 2),
  'with the header of another': (token) => spliced(token, tokens.ofOtherKey, 0),
  'without its signature': (token) => token.slice(0, token.lastIndexOf('.') + 1),
  // The last character of 64 bytes has four bits that do not count.
  'with another spelling of its last byte': (token) =>
    token.slice(0, -1) + (base64url[base64url.indexOf(token.slice(-1)) ^ 1] ?? ''),
  twice: (token) => `${token}${token}`,
  'of more than 16,384 characters': (token) => token + 'A'.repeat(16_384),
  empty: () => '',
};

function spliced(token: string, from: string, part: number): string {
  const others = from.split('.');
  return token
    .split('.')
    .map((own, at) => (at === part ? (others[at] ?? '') : own))
    .join('.');
}

/** The lines of a request that sends a text as its token. */
const writings: readonly ((text: string) => readonly string[])[] = [
  (text) => ['Authorization', `Bearer ${text}`],
  (text) => ['Host', 'x', 'authorization', `Bearer ${text}`, 'Accept', '*/*'],
  (text) => ['authorization', `bearer ${text}`],
  (text) => ['authorization', `BEARER  ${text}`],
  (text) => ['authorization', `Bearer   ${text}`],
  (text) => ['authorization', `Bearer\t${text}`],
  (text) => ['authorization', `DPoP ${text}`],
  (text) => ['authorization', `DPoP ${text}`, 'dpop', 'a.b.c'],
  (text) => ['authorization', `Bearer ${text}`, 'dpop', 'a.b.c'],
  (text) => ['authorization', `Bearer ${text}`, 'Authorization', `Bearer ${text}`],
  (text) => ['authorization', '', 'AUTHORIZATION', `Bearer ${text}`],
  (text) => ['authorization', text],
  (text) => ['authorization', `Bearer ${text}`, 'x-authorization', 'Bearer other'],
];

describe('a token that was verified before', () => {
  it('is found with its exact text only: each other text gets the answer of the verifier', async () => {
    const readers = openBoth();
    for (let turn = 0; turn < 2; turn += 1) {
      for (const [name, change] of Object.entries(changes)) {
        for (const token of Object.values(tokens)) {
          for (const write of writings) {
            await alike(readers, write(token));
            const { caller } = await alike(readers, write(change(token)));
            if (change(token) !== token && write === writings[0] && !name.includes('space')) {
              assert.ok(Array.isArray(caller), name);
            }
          }
        }
      }
    }
    assert.deepEqual((await readers[0].call(['authorization', `Bearer ${tokens.known}`])).reports, ['ok true']);
  });

  it('gets the answer of the verifier at any time, and with any revocations and keys', async () => {
    const step = fc.record({
      token: fc.constantFrom(...Object.values(tokens)),
      write: fc.constantFrom(...writings.slice(0, 3)),
      change: fc.constantFrom(...Object.values(changes).slice(0, 3)),
      before: fc.oneof(
        { weight: 6, arbitrary: fc.constant({ kind: 'nothing' } as const) },
        fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 5_000, 10_000, 600_000) }),
        fc.record({ kind: fc.constant('revoke' as const), id: fc.constantFrom('token-1', 'token-2', 'token-5') }),
        fc.record({ kind: fc.constant('keys' as const), both: fc.boolean() }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
        const readers = openBoth();
        for (const { token, write, change, before } of steps) {
          for (const { state, revocations } of readers) {
            if (before.kind === 'wait') state.time += before.ms;
            if (before.kind === 'keys') state.set = before.both ? keySet(key, other) : keySet(key);
            if (before.kind === 'revoke') {
              const [issuedUntil, expiresAt] = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
              revocations.add([{ kind: 'token', issuer, id: before.id, issuedUntil, expiresAt }]);
            }
          }
          await alike(readers, write(token));
          await alike(readers, write(change(token)));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is verified by a function that a program has put in place of the own one', async () => {
    const { verifier, call } = openReader(true);
    const lines = ['authorization', `Bearer ${tokens.known}`];
    await call(lines);
    const asked: unknown[] = [];
    const refusing: Verifier['verify'] = (credential) => {
      asked.push(credential);
      throw new Error('no more');
    };
    const copy = { ...verifier, verify: refusing };
    const callerOf = callerReader({ verifier: copy, url: target.url, realm: 'r', resourceMetadata: 'm' });
    assert.throws(() => callerOf(lines, 'POST'), /no more/);
    Object.assign(verifier, { verify: refusing });
    await assert.rejects(call(lines), /no more/);
    assert.equal(asked.length, 2);
  });
});
