import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertRefused,
  audience,
  issuer,
  issuerOf,
  makeKey,
  now,
  payloadOf,
  sign,
  verifierOf,
} from '../support/tokens.ts';

const key = makeKey();
const verifier = verifierOf(issuerOf([key]));
const withClaims = (changes: Readonly<Record<string, unknown>>) => sign(key, { payload: payloadOf(changes) });

for (const claim of ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'client_id']) {
  for (const value of [undefined, null, '', true, {}, [], [1], [null], ['']]) {
    test(`A-7 ${claim} ${JSON.stringify(value) ?? 'missing'} is refused`, () =>
      assertRefused(verifier, withClaims({ [claim]: value })));
  }
}
for (const claim of ['iss', 'sub', 'jti', 'client_id']) {
  test(`A-7 ${claim} as a number is refused`, () => assertRefused(verifier, withClaims({ [claim]: 7 })));
  test(`A-7 ${claim} in an array is refused`, () =>
    assertRefused(verifier, withClaims({ [claim]: [payloadOf()[claim]] })));
}

const notTimes = ['"1800000600"', '-1', '1e400', '-1e400', 'null', 'true', '[1800000600]', '{"$date":1}'];
for (const claim of ['exp', 'iat', 'nbf']) {
  for (const value of notTimes) {
    test(`A-7 ${claim} ${value} is refused`, () => {
      const payload = JSON.stringify(payloadOf({ [claim]: 'here' })).replace('"here"', value);
      return assertRefused(verifier, sign(key, { payload }));
    });
  }
}

for (const iss of [
  `${issuer}/`,
  'HTTPS://issuer.example',
  'https://ISSUER.example',
  'https://issuer.exampl',
  `${issuer}.evil.example`,
  `${issuer}:443`,
  ` ${issuer}`,
  '__proto__',
  'constructor',
]) {
  test(`A-7 iss ${iss} is another issuer`, () => assertRefused(verifier, withClaims({ iss }), /iss/));
}

for (const aud of [audience, [audience], ['https://other.example', audience]]) {
  test(`A-7 aud ${JSON.stringify(aud)} is accepted`, async () => {
    assert.equal((await verifier.verify(withClaims({ aud }))).subject, 'ada');
  });
}
for (const aud of [
  `${audience}/`,
  audience.toUpperCase(),
  'https://api.example',
  ['https://other.example'],
  [audience, 7],
  [audience, ''],
  [[audience]],
  { 0: audience },
]) {
  test(`A-7 aud ${JSON.stringify(aud)} is refused`, () => assertRefused(verifier, withClaims({ aud }), /aud/));
}

const times: readonly (readonly [claim: string, offset: number, good: boolean])[] = [
  ['exp', 1, true],
  ['exp', 0, true],
  ['exp', -4, true],
  ['exp', -5, false],
  ['exp', -6, false],
  ['exp', 0.5, true],
  ['nbf', 0, true],
  ['nbf', 5, true],
  ['nbf', 6, false],
  ['iat', 5, true],
  ['iat', 5.5, false],
  ['iat', 6, false],
  ['iat', -1e9, true],
];
for (const [claim, offset, good] of times) {
  test(`A-7 ${claim} ${offset} s from now, with 5 s of tolerance, is ${good ? 'accepted' : 'refused'}`, async () => {
    const token = withClaims({ [claim]: now + offset });
    if (good) assert.equal((await verifier.verify(token)).subject, 'ada');
    else await assertRefused(verifier, token, /expired|nbf|iat/);
  });
}
test('A-7 a token expires as the clock goes on', async () => {
  let time = now * 1000;
  const patient = verifierOf(issuerOf([key], { clockTolerance: 0 }), () => time);
  const token = withClaims({ exp: now + 60 });
  await patient.verify(token);
  time += 59_999;
  await patient.verify(token);
  time += 1;
  await assertRefused(patient, token, /expired/);
});

for (const cnf of [{ jkt: 'x' }, { 'x5t#S256': 'x' }, {}, null]) {
  test(`A-9 a token bound by cnf ${JSON.stringify(cnf)}, sent as a bearer's, is refused`, () =>
    assertRefused(verifier, withClaims({ cnf }), /cnf/));
}

for (const scope of [null, 7, ['profile'], {}]) {
  test(`A-7 scope ${JSON.stringify(scope)} is refused`, () => assertRefused(verifier, withClaims({ scope }), /scope/));
}
const scopes: readonly (readonly [string | undefined, readonly string[]])[] = [
  [undefined, []],
  ['', []],
  ['a', ['a']],
  ['a b a', ['a', 'b']],
  [' a  b ', ['a', 'b']],
  ['a\tb', ['a\tb']],
  ['A a', ['A', 'a']],
];
for (const [scope, expected] of scopes) {
  test(`A-7 scope ${JSON.stringify(scope)} grants ${JSON.stringify(expected)}`, async () => {
    assert.deepEqual([...(await verifier.verify(withClaims({ scope }))).scopes], expected);
  });
}

test('A-13 claims called __proto__ or constructor change nothing', async () => {
  const payload = JSON.stringify(payloadOf()).replace(
    '{',
    '{"__proto__":{"cnf":1,"scope":"admin"},"constructor":{"prototype":{"x":1}},',
  );
  const { claims } = await verifier.verify(sign(key, { payload }));
  assert.equal(Object.getPrototypeOf(claims), Object.prototype);
  assert.ok(Object.hasOwn(claims, '__proto__'));
  assert.equal(({} as Record<string, unknown>)['x'], undefined);
  const inherited = JSON.stringify(payloadOf({ client_id: undefined })).replace(
    '{',
    '{"__proto__":{"client_id":"eve"},',
  );
  await assertRefused(verifier, sign(key, { payload: inherited }), /client_id/);
});
