import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BodyReader, bodyReader } from '../../../src/http/lane/body.ts';
import { laneCaches } from '../../../src/http/lane/caches.ts';
import { heapUsed } from '../../support/heap.ts';

/** Reads a body, and remembers it as the lane does. @returns whether it was remembered before */
function send(reader: BodyReader, query: string): boolean {
  const body = reader.read(Buffer.from(JSON.stringify({ query })));
  assert.equal(body?.query, query);
  if (body.text !== null) reader.remember(body);
  return body.text === null;
}

const small = (index: number): string => `{ me { id name a${index}: email } }`;

describe('the remembered bodies of the lane', () => {
  it('keep 5,000 small bodies that are sent in turns', () => {
    const reader = bodyReader(JSON.parse);
    const known = Array.from({ length: 15_000 }, (_, index) => send(reader, small(index % 5_000)));
    assert.equal(known.indexOf(true), 5_000);
    assert.equal(known.lastIndexOf(false), 4_999);
  });

  it('count a body one time, if two requests read it before it was remembered', () => {
    const reader = bodyReader(JSON.parse);
    const read = () => reader.read(Buffer.from(JSON.stringify({ query: small(1) })));
    const [one, other] = [read(), read()];
    if (one) reader.remember(one);
    if (other) reader.remember(other);
    assert.equal(reader.entries, 1);
  });

  for (const [kind, padding] of [
    ['small', 0],
    ['large', 2_000],
  ] as const) {
    it(`E-9 take no more than their bound: ${kind}`, (test) => {
      const { entries, bytes } = laneCaches.bodies;
      const reader = bodyReader(JSON.parse);
      send(reader, small(0));
      const before = heapUsed();
      for (let index = 1; index < 2.5 * entries; index += 1) send(reader, `${small(index)}${' '.repeat(padding)}`);
      const grown = heapUsed() - before;
      test.diagnostic(`${reader.entries} bodies, ${grown} bytes`);
      assert.ok(reader.entries > 1_000 && reader.entries <= entries, `${reader.entries} bodies`);
      assert.ok(grown <= bytes, `${grown} bytes`);
    });
  }
});
