import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, IncomingMessage, type Server } from 'node:http';
import { Duplex } from 'node:stream';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { LaneRequest } from '../../../src/http/lane/lane-request.ts';

const usual = [
  'host',
  'connection',
  'content-type',
  'content-length',
  'authorization',
  'accept',
  'accept-encoding',
  'accept-language',
  'user-agent',
  'sec-fetch-mode',
];
const others = [
  'cookie',
  'set-cookie',
  'origin',
  'x-forwarded-for',
  'dpop',
  'age',
  '__proto__',
  'constructor',
  'expect',
];

const upper = (name: string): string => name.toUpperCase();
const title = (name: string): string => name.replaceAll(/(^|-)(\w)/g, (found) => found.toUpperCase());

/** Returns the headers of requests with these lines, for each kind of request. */
function servers(
  kinds: readonly (typeof IncomingMessage)[],
): (lines: readonly string[]) => (IncomingHttpHeaders | null)[] {
  const all = kinds.map((kind): readonly [Server, { headers: IncomingHttpHeaders | null }] => {
    const seen: { headers: IncomingHttpHeaders | null } = { headers: null };
    const server = createServer({ IncomingMessage: kind, requireHostHeader: false }, ({ headers }) => {
      seen.headers = headers;
    });
    server.on('checkExpectation', ({ headers }) => {
      seen.headers = headers;
    });
    return [server, seen];
  });
  return (lines) =>
    all.map(([server, seen]) => {
      seen.headers = null;
      const socket = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() });
      socket.on('error', () => {});
      server.emit('connection', socket);
      socket.push(`POST / HTTP/1.1\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`);
      socket.read();
      socket.destroy();
      return seen.headers;
    });
}

describe('the headers of a request in the lane are those of Node', () => {
  const headersOf = servers([IncomingMessage, LaneRequest]);
  const same = (lines: readonly string[]): IncomingHttpHeaders | null => {
    const [ofNode, ofLane] = headersOf(lines);
    assert.deepEqual(Object.entries(ofLane ?? {}), Object.entries(ofNode ?? {}), lines.join('\n'));
    assert.equal(ofLane === null, ofNode === null);
    assert.equal(Object.getPrototypeOf(ofLane ?? {}), Object.prototype);
    return ofLane ?? null;
  };

  it('usual lines, in any order and with each writing of their names', () => {
    const lines = usual.filter((name) => name !== 'content-length');
    for (const write of [String, title, upper]) {
      const headers = same(lines.map((name) => `${write(name)}: a value of ${name}`));
      assert.equal(Object.keys(headers ?? {}).length, lines.length);
      same(lines.toReversed().map((name) => `${write(name)}: a value of ${name}`));
    }
  });

  for (const name of [...usual, ...others].filter((one) => one !== 'content-length')) {
    it(`${name} that repeats, in any writing, or is empty`, () => {
      for (const again of [name, title(name), upper(name)]) {
        assert.notEqual(same([`${name}: a`, 'host: b', `${again}: c`]), null);
        same([`${again}:`, `${name}: c`]);
        same([`${again}:`]);
      }
    });
  }

  it('any lines', () => {
    const line = fc
      .tuple(
        fc.constantFrom(...usual, ...usual, ...others),
        fc.constantFrom(String, title, upper),
        fc.constantFrom('', '1', 'a, b', 'Bearer x', '\u00e9', ' padded '),
      )
      .map(([name, write, value]) => `${write(name)}: ${value}`);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => void same(lines)),
      { numRuns: 500 },
    );
  });

  it('one object for each request, which can be changed and replaced', () => {
    const request = new LaneRequest(null as never);
    request.rawHeaders = ['Host', 'a'];
    request.headers.host = 'b';
    assert.deepEqual(request.headers, { host: 'b' });
    request.headers = { host: 'c' };
    assert.deepEqual(request.headers, { host: 'c' });
  });

  it('the same for a proxy of a request and for an object that inherits from it', () => {
    const request = new LaneRequest(null as never);
    request.rawHeaders = ['Host', 'a'];
    request.headers.host = 'b';
    assert.deepEqual(new Proxy(request, {}).headers, { host: 'b' });
    assert.deepEqual((Object.create(request) as LaneRequest).headers, { host: 'b' });
  });
});
