import assert from 'node:assert/strict';
import { it } from 'node:test';
import { assertRefused, encode, issuerOf, makeKey, payloadOf, sign, verifierOf } from '../../support/tokens.ts';

const key = makeKey();
const verifier = verifierOf(issuerOf([key]));
const good = sign(key);
const [header = '', payload = '', signature = ''] = good.split('.');

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** The same 64 bytes with an unused bit set: 86 base64url characters have four more bits than 64 bytes. */
const noncanonical = signature.slice(0, -1) + alphabet[alphabet.indexOf(signature.at(-1) ?? '') + 1];

const spellings: Readonly<Record<string, string>> = {
  'with padding': `${good}==`,
  'with a padded header': `${header}=.${payload}.${signature}`,
  'with leading space': ` ${good}`,
  'with trailing space': `${good} `,
  'with a line break within': `${header}.\n${payload}.${signature}`,
  'with non-canonical trailing bits': `${header}.${payload}.${noncanonical}`,
  'in the standard alphabet': `${header}.${payload}.${Buffer.from('ff'.repeat(64), 'hex').toString('base64')}`,
  'with two segments': `${header}.${payload}`,
  'with four segments': `${good}.`,
  'with an empty header': `.${payload}.${signature}`,
  'with an empty payload': `${header}..${signature}`,
  'with an escape': `${header}%2E${payload}.${signature}`,
  'as a JWE': `${encode({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.aaaa.aaaa.aaaa.aaaa`,
  'in JSON serialization': JSON.stringify({ protected: header, payload, signature }),
  'as nothing': '',
  'as dots': '..',
};
for (const [what, token] of Object.entries(spellings)) {
  it(`A-6 a token ${what} is refused`, () => assertRefused(verifier, token, /three base64url segments/));
}
for (const word of ['null', 'undefined', 'NaN', 'None', 'false']) {
  it(`the text of a missing value is recognized: ${word}`, () =>
    assertRefused(verifier, word, /it is the text of a missing value, send no Authorization header/));
}
it('A-6 the non-canonical spelling has the same bytes as the canonical one', () => {
  assert.deepEqual(Buffer.from(noncanonical, 'base64url'), Buffer.from(signature, 'base64url'));
});

const json = JSON.stringify(payloadOf());
const payloads: Readonly<Record<string, string>> = {
  'a member twice': json.replace('{', '{"sub":"eve",'),
  'a member twice, once in escapes': json.replace('{', String.raw`{"\u0073ub":"eve",`),
  'a member twice, with space before its colon': json.replace('{', '{"sub" : "eve",'),
  'a member twice, deep inside': json.replace('{', '{"x":[{"y":{"a":1,"a":1}}],'),
  '__proto__ twice': json.replace('{', '{"__proto__":1,"__proto__":2,'),
  'a nested JWT': JSON.stringify(good),
  'an array': '[]',
  null: 'null',
  'no JSON': 'sub=ada',
  'a comment': json.replace('{', '{/**/'),
  'something after it': `${json}{}`,
  'a byte order mark': `\uFEFF${json}`,
  NaN: json.replace(/"exp":\d+/, '"exp":NaN'),
  'nested 33 deep': json.replace('{', `{"x":${'['.repeat(32)}${']'.repeat(32)},`),
  'nested 5,000 deep': json.replace('{', `{"x":${'['.repeat(5000)}${']'.repeat(5000)},`),
};
for (const [what, payload] of Object.entries(payloads)) {
  it(`A-6 a payload with ${what} is refused`, () => assertRefused(verifier, sign(key, { payload }), /payload is not/));
}
it('A-6 a payload in broken UTF-8 is refused', async () => {
  const latin = Buffer.from(json.replace('ada', 'ad\u00e4'), 'latin1');
  await assertRefused(verifier, `${header}.${encode(latin)}.${signature}`, /payload is not/);
});
it('A-6 a header with a repeated member is refused', () =>
  assertRefused(
    verifier,
    sign(key, { header: `{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"${key.kid}"}` }),
    /header is not/,
  ));

const tidy: Readonly<Record<string, string>> = {
  'one name in two objects': json.replace('{', '{"x":{"a":1},"y":[{"a":1},{"a":1}],"a":1,'),
  'a value that equals a name': json.replace('{', '{"x":"sub","y":["sub","sub"],'),
  'brackets and quotes in a string': json.replace('{', String.raw`{"x":"{\"sub\":[{\\","y":"}]",`),
  'nested 32 deep': json.replace('{', `{"x":${'['.repeat(31)}${']'.repeat(31)},`),
  'white space': JSON.stringify(payloadOf(), null, 2),
};
for (const [what, payload] of Object.entries(tidy)) {
  it(`A-6 a payload with ${what} is accepted`, async () => {
    assert.equal((await verifier.verify(sign(key, { payload }))).subject, 'ada');
  });
}

it('A-13 a token of 100 kB is refused', () =>
  assertRefused(verifier, sign(key, { payload: payloadOf({ x: 'x'.repeat(75_000) }) }), /too long/));
it('A-13 10,000 scopes are refused, and the largest number that fits into a token is read', async () => {
  const scope = (count: number) => Array.from({ length: count }, (_, index) => `s:${index}`).join(' ');
  await assertRefused(verifier, sign(key, { payload: payloadOf({ scope: scope(10_000) }) }), /too long/);
  assert.equal((await verifier.verify(sign(key, { payload: payloadOf({ scope: scope(1500) }) }))).scopes.size, 1500);
});

it('A-6 a name that V8 misreads is refused, after any earlier JSON text (nodejs/node#63785)', async () => {
  // This JSON text could come from any client. After V8 has parsed its name that ends with a backslash, V8 ends later
  // names at an escape after the same letters.
  JSON.parse(String.raw`{"iss":1,"x\\":1}`);
  const token = sign(key, { payload: json.replace('{', String.raw`{"x\"":1,`) });
  const { claims } = await verifier.verify(token).catch((error: unknown) => {
    assert.match(String(error), /payload is not/);
    return { claims: { 'x"': 1 } };
  });
  assert.equal(claims['x"'], 1);
});
it('A-6 an escaped name is decoded', async () => {
  const payload = json.replace('{', String.raw`{"https:\/\/api.example\/roles":["a"],`);
  const { claims } = await verifier.verify(sign(key, { payload }));
  assert.deepEqual(claims['https://api.example/roles'], ['a']);
});
