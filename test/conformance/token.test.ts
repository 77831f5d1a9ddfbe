import assert from 'node:assert/strict';
import { createHmac, createPublicKey, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { JWK } from 'jose';
import { type Answer, query, sendRaw, signInFor } from '../support/client.ts';
import { addPerson, startTestServer, type TestServer } from '../support/server.ts';
import { serverKey } from '../support/server-key.ts';
import { encode, makeKey, sign, type TestKey } from '../support/tokens.ts';

const open = '{ scopes { name } }';
const closed = '{ viewer { subject scopes } }';

let server: TestServer;
let url: string;
/** A valid token of the administrator, with the scope `profile`. */
let good: string;
let idToken: string;
/** The server's own signing key. With it, a test can make a token that is wrong in only one respect. */
let key: TestKey;

before(async () => {
  server = await startTestServer();
  ({ url } = server);
  const tokens = await signInFor(url, { scope: 'openid profile' });
  good = tokens.accessToken;
  idToken = tokens.idToken ?? '';
  key = await serverKey(server);
});
after(() => server.dispose());

/** Returns the header and payload of the valid token. */
function parts(): { header: Record<string, unknown>; payload: Record<string, unknown> } {
  const [header = '', payload = ''] = good.split('.').map((part) => Buffer.from(part, 'base64url').toString());
  return { header: JSON.parse(header), payload: JSON.parse(payload) };
}

/** Changes claims of the valid token, and signs it with the server's own key. */
function withClaims(changes: Record<string, unknown>): string {
  return sign(key, { payload: { ...parts().payload, ...changes } });
}

/** Changes the header of the valid token, and signs it with the server's own key. */
function withHeader(changes: Record<string, unknown>): string {
  return sign(key, { header: changes, payload: parts().payload });
}

function assertChallenged({ status, headers, body }: Answer, token: string): void {
  assert.equal(status, 401);
  const challenge = headers.get('www-authenticate') ?? '';
  assert.match(challenge, /^Bearer realm="[^"]+", resource_metadata="[^"]+", error="invalid_token"/);
  assert.equal(body.data, undefined);
  assert.deepEqual(
    body.errors?.map(({ extensions }) => extensions.code),
    ['INVALID_TOKEN'],
  );
  assert.equal(headers.get('cache-control'), 'no-store');
  const shown = JSON.stringify([[...headers], body]);
  for (const part of token.split('.').filter((segment) => segment.length >= 8)) {
    assert.ok(!shown.includes(part), 'a part of the token is in the answer');
  }
}

describe('A-1 without a token', () => {
  it('public fields work', async () => {
    const { status, body, headers } = await query(url, open);
    assert.equal(status, 200);
    assert.equal(body.errors, undefined);
    assert.equal(headers.get('www-authenticate'), null);
  });

  it('a guarded operation gets 401, and a challenge that names no error and says where to get a token', async () => {
    const { status, body, headers } = await query(url, closed);
    assert.equal(status, 401);
    assert.equal(body.errors?.[0]?.extensions.code, 'UNAUTHENTICATED');
    const about = `realm="${url}/graphql", resource_metadata="${url}/.well-known/oauth-protected-resource/graphql"`;
    const algorithms = 'ES256 Ed25519 EdDSA PS256 RS256';
    assert.equal(headers.get('www-authenticate'), `Bearer ${about}, DPoP ${about}, algs="${algorithms}"`);
  });

  it('and the metadata there names the authorization server', async () => {
    const response = await fetch(`${url}/.well-known/oauth-protected-resource/graphql`);
    const document = (await response.json()) as Record<string, unknown>;
    assert.equal(document.resource, `${url}/graphql`);
    assert.deepEqual(document.authorization_servers, [url]);
  });
});

it('A-2 a token that is made like the bad tokens below, without a change, is accepted', async () => {
  assert.equal((await query(url, closed, { token: withClaims({}) })).status, 200);
});

describe('A-2 a bad token is answered 401 invalid_token, for any operation, and is never repeated:', () => {
  const seconds = () => Math.floor(Date.now() / 1000);
  const bad: Readonly<Record<string, () => string>> = {
    'no JWT at all': () => 'not-a-token',
    'an empty signature': () => good.replace(/[^.]+$/, ''),
    'no signature': () => good.split('.').slice(0, 2).join('.'),
    'a signature cut short': () => good.slice(0, -4),
    'a signature of zeros': () => good.replace(/[^.]+$/, encode(new Uint8Array(64))),
    'a changed payload': () => {
      const [header, , signature] = good.split('.');
      return [header, encode({ ...parts().payload, scope: 'profile accounts' }), signature].join('.');
    },
    'the key of a stranger': () => sign(makeKey('ES256', key.kid), { payload: parts().payload }),
    'the key of a stranger, in its own header': () => {
      const stranger = makeKey('ES256', key.kid);
      return sign(stranger, { header: { jwk: stranger.publicJwk }, payload: parts().payload });
    },
    'an unknown kid': () => sign(makeKey(), { payload: parts().payload }),
    'a kid that is SQL': () => withHeader({ kid: "' or 1=1 --" }),
    'a kid that is __proto__': () => withHeader({ kid: '__proto__' }),
    'another algorithm of the same key': () => withHeader({ alg: 'ES384' }),
    'a critical extension': () => withHeader({ crit: ['exp'] }),
    'another type': () => withHeader({ typ: 'JWT' }),
    'no type': () => withHeader({ typ: undefined }),
    'another issuer': () => withClaims({ iss: 'https://issuer.example' }),
    'an issuer with a slash': () => withClaims({ iss: `${url}/` }),
    'another audience': () => withClaims({ aud: 'https://api.example/graphql' }),
    'no audience': () => withClaims({ aud: undefined }),
    'an expiry in the past': () => withClaims({ exp: seconds() - 60 }),
    'no expiry': () => withClaims({ exp: undefined }),
    'an expiry that is text': () => withClaims({ exp: String(seconds() + 600) }),
    'a beginning in the future': () => withClaims({ nbf: seconds() + 60 }),
    'an issue in the future': () => withClaims({ iat: seconds() + 60 }),
    'no subject': () => withClaims({ sub: undefined }),
    'no client': () => withClaims({ client_id: undefined }),
    'no ID': () => withClaims({ jti: undefined }),
    'a key that it is bound to, sent as a bearer token': () => withClaims({ cnf: { jkt: 'thumbprint' } }),
    'a length beyond every limit': () => `${good}${'x'.repeat(15_000)}`,
  };
  for (const [name, make] of Object.entries(bad)) {
    it(`A-2 ${name}`, async () => {
      const token = make();
      assertChallenged(await query(url, open, { token }), token);
      assertChallenged(await query(url, closed, { token }), token);
    });
  }
});

/** Returns the key set that the authorization server publishes. */
async function publishedKeys(): Promise<JWK[]> {
  const response = await fetch(`${url}/oauth/jwks`);
  return ((await response.json()) as { keys: JWK[] }).keys;
}

describe('A-4 no other kind of signature is accepted:', () => {
  for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
    it(`alg: ${alg}`, async () => {
      const token = `${encode({ ...parts().header, alg })}.${encode(parts().payload)}.`;
      assertChallenged(await query(url, open, { token }), token);
      assertChallenged(await query(url, open, { token: `${token}${encode('x')}` }), token);
    });
  }

  it('HS256 keyed with the published key: as PEM, DER, JWK or coordinates', async () => {
    const keys = await publishedKeys();
    const [jwk] = keys;
    assert.ok(jwk);
    const publicKey = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    const secrets = [
      publicKey.export({ format: 'pem', type: 'spki' }),
      publicKey.export({ format: 'der', type: 'spki' }),
      JSON.stringify(jwk),
      JSON.stringify({ keys }),
      Buffer.from(`${jwk.x}`, 'base64url'),
      `${jwk.x}${jwk.y}`,
      '',
    ];
    for (const secret of secrets) {
      const input = `${encode({ ...parts().header, alg: 'HS256' })}.${encode(parts().payload)}`;
      const token = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
      assertChallenged(await query(url, open, { token }), token);
    }
  });

  it('the published keys contain no private key', async () => {
    const keys = await publishedKeys();
    assert.deepEqual(
      keys.map((jwk) => Object.keys(jwk).toSorted()),
      [['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']],
    );
  });
});

describe('A-3 several credentials, or a malformed one, are answered 400 invalid_request:', () => {
  /** Sends `open` with these header lines, unchanged. */
  async function post(...lines: string[]): Promise<string> {
    const body = JSON.stringify({ query: open });
    const fixed = [
      'Host: localhost',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'Connection: close',
    ];
    return sendRaw(url, ['POST /graphql HTTP/1.1', ...fixed, ...lines, '', body].join('\r\n'));
  }

  function assertInvalidRequest(answer: string): void {
    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.match(answer, /www-authenticate: Bearer [^\r\n]*error="invalid_request"/i);
    assert.match(answer, /"code":"INVALID_REQUEST"/);
  }

  it('G-2 an empty credential counts as none: clients send it for a caller who has not signed in', async () => {
    assert.match(await post('Authorization: '), /^HTTP\/1\.1 200 /);
  });

  it('one credential, sent like this, is accepted', async () => {
    assert.match(await post(`Authorization: Bearer ${good}`), /^HTTP\/1\.1 200 /);
  });

  it('two Authorization headers, which Node folds into one', async () => {
    assertInvalidRequest(await post(`Authorization: Bearer ${good}`, `authorization: Bearer ${good}`));
    assertInvalidRequest(await post(`Authorization: Bearer ${good}`, 'AUTHORIZATION: Bearer other'));
  });

  it('an additional DPoP proof', async () => {
    assertInvalidRequest(await post(`Authorization: Bearer ${good}`, 'DPoP: a.b.c'));
  });

  for (const [name, value] of Object.entries({
    'another scheme': 'Basic YTpi',
    'no scheme': 'token',
    'no token': 'Bearer',
    'two tokens': 'Bearer a.b.c d.e.f',
    'a comma': 'Bearer a.b.c, Bearer d.e.f',
  })) {
    it(`a malformed header: ${name}`, async () => {
      assertInvalidRequest(await post(`Authorization: ${value}`));
    });
  }
});

describe('A-3 a token is ignored', () => {
  it('in the query string', async () => {
    const search = new URLSearchParams({ query: closed, access_token: good, authorization: `Bearer ${good}` });
    const response = await fetch(`${url}/graphql?${search.toString()}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    assert.equal(response.status, 401);
  });

  it('in the body', async () => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: closed, access_token: good, extensions: { authorization: `Bearer ${good}` } }),
    });
    assert.equal(response.status, 401);
  });

  it('in a cookie', async () => {
    const { status } = await query(url, closed, { headers: { cookie: `access_token=${good}; authorization=${good}` } });
    assert.equal(status, 401);
  });
});

it('A-8 an ID token is not accepted as an access token', async () => {
  assert.match(idToken, /^ey/);
  assertChallenged(await query(url, open, { token: idToken }), idToken);
});

describe('A-13', () => {
  it('a token of 100 kB is refused before it is read completely, and the server continues', async () => {
    const request = `GET /graphql HTTP/1.1\r\nAuthorization: Bearer ${'x'.repeat(100_000)}\r\n\r\n`;
    const answer = await sendRaw(url, request).catch(() => 'hung up');
    assert.match(answer, /^(HTTP\/1\.1 431 |hung up)/);
    assert.equal((await query(url, open)).status, 200);
  });

  it('claims called __proto__ and constructor change nothing', async () => {
    const payload = JSON.stringify({ ...parts().payload, jti: randomUUID() }).replace(
      /\}$/,
      ',"__proto__":{"scope":"accounts"},"constructor":{"prototype":{"scope":"accounts"}}}',
    );
    const { body } = await query(url, closed, { token: sign(key, { payload }) });
    assert.deepEqual(body.data?.viewer.scopes, ['profile'], JSON.stringify(body));
    assert.deepEqual((await query(url, closed, { token: good })).body.data.viewer.scopes, ['profile']);
  });
});

describe('A-14', () => {
  it('the same request of two people, one after the other, is decided for each', async () => {
    const account = await addPerson(server, 'grace@example.com');
    const { accessToken: other } = await signInFor(url, { account, scope: 'grants' });
    const document = '{ viewer { subject account { email } } }';
    const first = await query(url, document, { token: good });
    const second = await query(url, document, { token: other });
    const third = await query(url, document, { token: good });
    const nobody = await query(url, document);
    assert.equal(first.body.data.viewer.account.email, 'ada@example.com');
    assert.equal(second.body.data.viewer.account, null);
    assert.equal(second.body.errors?.[0]?.extensions.code, 'FORBIDDEN');
    assert.deepEqual(third.body, first.body);
    assert.equal(nobody.status, 401);
  });

  it('no shared cache stores an answer that depended on a token, and every answer has the right Vary header', async () => {
    for (const answer of [
      await query(url, closed, { token: good }),
      await query(url, closed),
      await query(url, closed, { token: 'bad' }),
      await query(url, open),
      await query(url, '{ nothing }'),
      await query(url, '{'),
    ]) {
      assert.match(answer.headers.get('cache-control') ?? '', /no-store|private/);
      assert.equal(answer.headers.get('vary'), 'Authorization, DPoP, Origin, Accept');
    }
  });
});
