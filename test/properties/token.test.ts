import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { ClaimgateError } from '../../src/errors.ts';
import { readCompact } from '../../src/token/checks/compact.ts';
import { readCredential } from '../../src/token/credential/credential.ts';
import { assertRefused, encode, issuerOf, makeKey, payloadOf, sign, verifierOf } from '../support/tokens.ts';

const keys = [makeKey('ES256'), makeKey('EdDSA'), makeKey('RS256')];
const verifier = verifierOf(issuerOf(keys));

/** Returns every text that differs from this one in a single bit of a single character. */
function* bitsOfText(token: string): Iterable<string> {
  for (let at = 0; at < token.length; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      yield token.slice(0, at) + String.fromCharCode(token.charCodeAt(at) ^ (1 << bit)) + token.slice(at + 1);
    }
  }
}

/** Returns every token that differs from this one in a single bit of a segment's decoded bytes. */
function* bitsOfSegment(token: string, part: number): Iterable<string> {
  const segments = token.split('.');
  const bytes = Buffer.from(segments[part] ?? '', 'base64url');
  for (let bit = 0; bit < 8 * bytes.length; bit += 1) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    yield segments.with(part, encode(changed)).join('.');
  }
}

describe('A-4 every single-bit change of a valid token is refused:', () => {
  for (const key of keys) {
    const token = sign(key);
    const changes: Readonly<Record<string, () => Iterable<string>>> = {
      'of its text': () => bitsOfText(token),
      'of its header': () => bitsOfSegment(token, 0),
      'of its payload': () => bitsOfSegment(token, 1),
      'of its signature': () => bitsOfSegment(token, 2),
    };
    for (const [what, changed] of Object.entries(changes)) {
      it(`${key.alg}, each bit ${what}`, async () => {
        await verifier.verify(token);
        for (const other of changed()) await assertRefused(verifier, other);
        await verifier.verify(token);
      });
    }
  }

  it('any bit of any token', async () => {
    const extra = fc.dictionary(fc.string({ minLength: 9 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 });
    const choices = fc.tuple(fc.constantFrom(...keys), extra, fc.nat(), fc.nat(7));
    await fc.assert(
      fc.asyncProperty(choices, async ([key, claims, place, bit]) => {
        const token = sign(key, { payload: payloadOf(claims) });
        await verifier.verify(token);
        const at = place % token.length;
        const changed = String.fromCharCode(token.charCodeAt(at) ^ (1 << bit));
        await assertRefused(verifier, token.slice(0, at) + changed + token.slice(at + 1));
      }),
      { numRuns: 300 },
    );
  });
});

/** Runs a parser. @returns its result; `undefined` if it rejected the input with one of its own errors */
function parsed<T>(parse: () => T, code: string): T | undefined {
  try {
    return parse();
  } catch (error) {
    assert.ok(error instanceof ClaimgateError && error.code === code, `${String(error)} was thrown`);
    return undefined;
  }
}

describe('A-2 a parser throws only its own errors:', () => {
  const json = fc.json({ maxDepth: 8 });
  const nearly = fc
    .tuple(json, fc.nat(), fc.nat(3), fc.string({ maxLength: 3, unit: 'binary' }))
    .map(([text, place, removed, put]) => {
      const at = place % (text.length + 1);
      return text.slice(0, at) + put + text.slice(at + removed);
    });
  const segment = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.base64String().map((text) => text.replaceAll(/[+/=]/g, '-')),
    fc.uint8Array().map(encode),
    json.map(encode),
    nearly.map(encode),
  );
  const token = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.tuple(segment, segment, segment).map((segments) => segments.join('.')),
    fc.array(segment, { maxLength: 6 }).map((segments) => segments.join('.')),
  );

  it('a token', () => {
    fc.assert(
      fc.property(token, (text) => {
        parsed(() => readCompact(text), 'INVALID_TOKEN');
      }),
      { numRuns: 5000 },
    );
  });

  it('an Authorization header, and an additional DPoP header', () => {
    const scheme = fc.constantFrom('Bearer', 'bearer', 'DPoP', 'Basic', '', 'Bearer  ', 'Bearer\t');
    const value = fc.oneof(
      token,
      fc.tuple(scheme, token).map((parts) => parts.join(' ')),
    );
    const name = fc.constantFrom('Authorization', 'authorization', 'DPoP', 'dpop', 'Host', '__proto__');
    const headers = fc.array(fc.tuple(name, value), { maxLength: 4 });
    fc.assert(
      fc.property(headers, (list) => {
        parsed(() => readCredential(list.flat()), 'INVALID_REQUEST');
      }),
      { numRuns: 5000 },
    );
  });

  it('a JSON object without repeated names is read as JSON.parse reads it', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 8 }));
    fc.assert(
      fc.property(object, fc.nat(4), (claims, indentation) => {
        const text = JSON.stringify(claims, null, indentation);
        const read = parsed(() => readCompact(`${encode({})}.${encode(text)}.AAAA`), 'INVALID_TOKEN');
        assert.deepEqual(read?.payload, JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('an object with a repeated name is rejected, at any depth', () => {
    const path = fc.array(fc.constantFrom('[', '{"a":'), { maxLength: 20 });
    fc.assert(
      fc.property(path, fc.string(), fc.jsonValue({ maxDepth: 2 }), (open, name, value) => {
        const close = open.toReversed().map((bracket) => (bracket === '[' ? ']' : '}'));
        const member = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
        const text = `{"x":${open.join('')}{${member},"":0,"b":1,${member}}${close.join('')}}`;
        assert.equal(
          parsed(() => readCompact(`${encode({})}.${encode(text)}.AAAA`), 'INVALID_TOKEN'),
          undefined,
        );
      }),
      { numRuns: 1000 },
    );
  });
});
