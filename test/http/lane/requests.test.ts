import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { LanePair } from '../../support/lane/pair.ts';
import { answered, close, host, json, type RawRequest, write } from '../../support/lane/raw.ts';
import { bodies } from './request-bodies.ts';
import { credentials } from './request-credentials.ts';
import { accepts, lines, types } from './request-lines.ts';
import { body, startPair } from './world.ts';

/** Requests to a server without settings, by what is special about each. */
const requests: Readonly<Record<string, RawRequest['parts']>> = {
  ...Object.fromEntries(
    accepts().map((accept) => [`Accept: ${accept}`, [write(body, { more: [`accept: ${accept}`] })]]),
  ),
  ...Object.fromEntries(
    types().map((type) => [`Content-Type: ${type}`, [write(body, { lines: [host, close, `content-type: ${type}`] })]]),
  ),
  ...Object.fromEntries(bodies().map(([name, text]) => [`a body that ${name}`, [write(text)]])),
  ...Object.fromEntries(
    credentials().flatMap(([name, lines]) =>
      ['{ open }', '{ mine }', '{ orders }', '{ open orders }'].map((text) => [
        `${name}, for ${text}`,
        [write(JSON.stringify({ query: text }), { more: lines })],
      ]),
    ),
  ),
  ...Object.fromEntries(lines().map(([name, changes]) => [name, [write(body, changes)]])),
  'no media type': [write(body, { lines: [host, close] })],
  'two media types': [write(body, { more: ['content-type: text/plain'] })],
  'a media type of text first': [write(body, { lines: [host, close, 'content-type: text/plain', json] })],
  'the body byte by byte': [write('', { length: String(body.length) }), ...body.split('')],
  'the head in two parts': [write(body).subarray(0, 30), write(body).subarray(30)],
  'a body that does not end': [write(body.slice(0, 5), { length: '18' })],
  // Bytes after a request that arrive before its answer end the connection with or without the answer, as is faster.
  'a further body after the answer': [write(body, { lines: [host, json] }), answered, body],
  'two requests at once': [Buffer.concat([write(body, { lines: [host, json] }), write(body)])],
  'a mutation and then a query at once': [
    Buffer.concat([
      write(JSON.stringify({ query: 'mutation { set }' }), { lines: [host, json] }),
      write(body, { lines: [host, json] }),
      write(JSON.stringify({ query: 'mutation { set }' }), { lines: [host, json] }),
      write(body),
    ]),
  ],
  'a query, and a GET': [
    Buffer.concat([
      write(body, { lines: [host, json] }),
      write('', { method: 'GET', target: '/nowhere', length: null }),
    ]),
  ],
  'a query, and then bytes that are no request': [write(body, { lines: [host, json] }), answered, 'nonsense\r\n\r\n'],
  'a chunked body': [
    write('', { length: null, more: ['transfer-encoding: chunked'] }),
    `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
  ],
  'a chunked body with a trailer': [
    write('', { length: null, more: ['transfer-encoding: chunked', 'trailer: x'] }),
    `${body.length.toString(16)}\r\n${body}\r\n0\r\nx: y\r\n\r\n`,
  ],
};

describe('a server with the lane and one without it', () => {
  let pair: LanePair;
  before(async () => {
    pair = await startPair({ CLAIMGATE_ALLOWED_ORIGINS: 'https://friend.example' });
  });
  after(async () => {
    const { lane } = await pair.seen();
    await pair.close();
    assert.ok((lane['answered'] ?? 0) > 100, JSON.stringify(lane));
  });

  for (const [name, parts] of Object.entries(requests)) {
    it(`answer, log and run alike: ${name}`, async () => {
      await pair.compareRaw({ parts });
    });
  }

  it('answer alike if the client closes its side in the middle of a body', async () => {
    await pair.compareRaw({ parts: [write(body.slice(0, 5), { length: '18' })], closes: true });
  });
});

describe('a server behind a trusted proxy, with the lane and without it', () => {
  let pair: LanePair;
  before(async () => {
    pair = await startPair({ CLAIMGATE_TRUSTED_PROXIES: 'loopback, 10.0.0.0/8' });
  });
  after(() => pair.close());

  for (const forwarded of [
    [],
    [''],
    ['203.0.113.7'],
    ['203.0.113.7, 10.1.2.3'],
    ['203.0.113.7:8080, 10.1.2.3:80'],
    ['[2001:db8::1]:443'],
    ['"[2001:db8::1]"'],
    ['2001:db8::1%eth0'],
    ['unknown'],
    ['203.0.113.7, unknown'],
    ['unknown, 203.0.113.7'],
    ['203.0.113.7, , 10.1.2.3'],
    ['10.1.2.3, 10.1.2.4'],
    ['evil, 198.51.100.1, 203.0.113.7'],
    ['203.0.113.7', '198.51.100.1'],
    ['1.2.3.4.5'],
    ['::ffff:203.0.113.7'],
    [','],
    [' 203.0.113.7 '],
    ['203.0.113.7,'],
    ['x'.repeat(5_000)],
    [Array.from({ length: 500 }, (_, at) => `203.0.113.${at % 256}`).join(', ')],
  ]) {
    it(`reads the caller's address alike: ${forwarded.join(' and ').slice(0, 60)}`, async () => {
      const text = JSON.stringify({ query: '{ address }' });
      const more = forwarded.map((value) => `x-forwarded-for: ${value}`);
      const answer = await pair.compareRaw({ parts: [write(text, { more })] });
      assert.match(answer, /^HTTP\/1.1 200 /);
      // The connection stays open for longer.
      await pair.compareRaw({ parts: [write(text, { more, lines: [host, json] })] });
      await pair.compareRaw({ parts: [write(text, { more, lines: [host, json, 'connection: keep-alive'] })] });
    });
  }
});
