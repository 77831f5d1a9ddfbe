import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { type RemoteKeysOptions, remoteKeys } from '../../src/token/remote.ts';
import type { Verifier } from '../../src/token/verify.ts';
import {
  assertRefused,
  issuerOf,
  keySet,
  makeKey,
  now,
  payloadOf,
  sign,
  type TestKey,
  verifierOf,
} from '../support/tokens.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

interface Scene {
  readonly issuer: string;
  /** The paths asked for, in order. */
  readonly asked: string[];
  /** What is answered at present, by path; anything else is 404. */
  readonly answers: Record<string, Answer>;
  readonly verifier: Verifier;
  readonly token: (key?: TestKey) => string;
  /** Milliseconds that have passed. */
  readonly wait: (milliseconds: number) => void;
}

const key = makeKey();
const openid = '/.well-known/openid-configuration';
const oauth = '/.well-known/oauth-authorization-server';
const json =
  (body: unknown, type = 'application/json'): Answer =>
  (_, response) =>
    response.writeHead(200, { 'content-type': type }).end(typeof body === 'string' ? body : JSON.stringify(body));
const fail =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(status, headers).end();

const closing: (() => void)[] = [];
after(() => closing.forEach((close) => close()));

/** An issuer on loopback that behaves, until an answer is replaced. */
async function scene(options: Partial<RemoteKeysOptions> = {}, path = ''): Promise<Scene> {
  const asked: string[] = [];
  const answers: Record<string, Answer> = {};
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    (answers[request.url ?? ''] ?? fail(404))(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = `${origin}${path}`;
  answers[`${path}${openid}`] = json({ issuer, jwks_uri: `${origin}/jwks` });
  answers['/jwks'] = json(keySet(key), 'application/jwk-set+json; charset=utf-8');
  let time = now * 1000;
  const clock = () => time;
  const keys = remoteKeys({ issuer, clock, timeLimit: 300, ...options });
  return {
    issuer,
    asked,
    answers,
    verifier: verifierOf(issuerOf([key], { issuer, keys }), clock),
    token: (signer = key) => sign(signer, { payload: payloadOf({ iss: issuer }) }),
    wait(milliseconds) {
      time += milliseconds;
    },
  };
}

test('A-12 nothing is fetched until a token needs it, and then once for 100 at a time', async () => {
  const { asked, verifier, token } = await scene();
  assert.deepEqual(asked, []);
  await assertRefused(verifier, 'garbage');
  assert.deepEqual(asked, []);
  await Promise.all(Array.from({ length: 100 }, () => verifier.verify(token())));
  assert.deepEqual(asked, [openid, '/jwks']);
  await verifier.verify(token());
  assert.equal(asked.length, 2);
});

test('A-12 an unknown kid 1,000 times makes no further fetch within the cooldown', async () => {
  const { asked, verifier, token } = await scene();
  for (let count = 0; count < 10; count++) {
    await Promise.all(
      Array.from({ length: 100 }, () => assertRefused(verifier, token(makeKey('ES256', `k${count}`)), /no key/)),
    );
  }
  assert.equal(asked.length, 2);
});

test('A-12 an issuer that is down: KEYS_UNAVAILABLE, asked once per cooldown, and well again afterwards', async () => {
  const { asked, answers, issuer, verifier, token, wait } = await scene();
  answers[openid] = fail(503);
  await Promise.all(
    Array.from({ length: 20 }, () => assertRefused(verifier, token(), /at present/, 'KEYS_UNAVAILABLE')),
  );
  wait(4999);
  await assertRefused(verifier, token(), /at present/, 'KEYS_UNAVAILABLE');
  assert.deepEqual(asked, [openid]);
  wait(1);
  answers[openid] = json({ issuer, jwks_uri: `${issuer}/jwks` });
  assert.equal((await verifier.verify(token())).subject, 'ada');
});

test('A-12 a key set that is down: the same', async () => {
  const { asked, answers, verifier, token, wait } = await scene();
  answers['/jwks'] = fail(500);
  await Promise.all(
    Array.from({ length: 20 }, () => assertRefused(verifier, token(), /at present/, 'KEYS_UNAVAILABLE')),
  );
  await assertRefused(verifier, token(), /at present/, 'KEYS_UNAVAILABLE');
  assert.deepEqual(asked, [openid, '/jwks']);
  answers['/jwks'] = json(keySet(key));
  wait(5000);
  await verifier.verify(token());
  assert.deepEqual(asked, [openid, '/jwks', '/jwks']);
});

test('A-12 a clock that is set back does not prolong a failure', async () => {
  const { answers, verifier, token, wait } = await scene();
  const good = answers['/jwks'] ?? fail(404);
  answers['/jwks'] = fail(500);
  await assertRefused(verifier, token(), /at present/, 'KEYS_UNAVAILABLE');
  answers['/jwks'] = good;
  wait(-2000);
  await verifier.verify(token());
});

test('A-12 nobody listens: KEYS_UNAVAILABLE', async () => {
  const issuer = 'http://127.0.0.1:9';
  const verifier = verifierOf(issuerOf([key], { issuer, keys: remoteKeys({ issuer }) }));
  await assertRefused(verifier, sign(key, { payload: payloadOf({ iss: issuer }) }), /at present/, 'KEYS_UNAVAILABLE');
});

const documents: Readonly<Record<string, (issuer: string) => Answer>> = {
  'of another issuer': (issuer) => json({ issuer: `${issuer}/other`, jwks_uri: `${issuer}/jwks` }),
  'of this issuer with a slash': (issuer) => json({ issuer: `${issuer}/`, jwks_uri: `${issuer}/jwks` }),
  'without issuer': (issuer) => json({ jwks_uri: `${issuer}/jwks` }),
  'with its issuer in an array': (issuer) => json({ issuer: [issuer], jwks_uri: `${issuer}/jwks` }),
  'without jwks_uri': (issuer) => json({ issuer }),
  'with a jwks_uri that is no text': (issuer) => json({ issuer, jwks_uri: [`${issuer}/jwks`] }),
  'with a relative jwks_uri': (issuer) => json({ issuer, jwks_uri: '/jwks' }),
  'with a plain http jwks_uri': (issuer) => json({ issuer, jwks_uri: 'http://issuer.example/jwks' }),
  'with a file as jwks_uri': (issuer) => json({ issuer, jwks_uri: 'file:///etc/passwd' }),
  'that is an array': () => json([]),
  'that is null': () => json('null'),
  'that is no JSON': () => json('<html>'),
  'that is empty': () => json(''),
  'that says it is HTML': (issuer) => json({ issuer, jwks_uri: `${issuer}/jwks` }, 'text/html'),
  'behind a redirect': () => fail(302, { location: '/jwks' }),
  'with a status other than 200': (issuer) => (_, response) =>
    response
      .writeHead(203, { 'content-type': 'application/json' })
      .end(JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks` })),
  'in broken UTF-8': (issuer) => (_, response) => {
    const text = JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks`, name: '\u00e4' });
    response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.from(text, 'latin1'));
  },
  'cut off': () => (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 }).write('{');
    response.destroy();
  },
  'that never comes': () => () => {},
  'that never ends': () => (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{');
  },
};
for (const [what, answer] of Object.entries(documents)) {
  test(`A-12 metadata ${what}: KEYS_UNAVAILABLE, and no key is fetched`, async () => {
    const { asked, answers, issuer, verifier, token } = await scene();
    answers[openid] = answer(issuer);
    await assertRefused(verifier, token(), /at present/, 'KEYS_UNAVAILABLE');
    assert.deepEqual(asked, [openid]);
  });
}

const keySets: Readonly<Record<string, Answer>> = {
  'without keys': json({}),
  'that is empty': json({ keys: [] }),
  'whose keys are an object': json({ keys: {} }),
  'that is an array': json(keySet(key).keys),
  'that is no JSON': json('{'),
  'that does not exist': fail(404),
  'behind a redirect': fail(307, { location: '/elsewhere' }),
  'that says it is text': json(keySet(key), 'text/plain'),
  'that never comes': () => {},
};
for (const [what, answer] of Object.entries(keySets)) {
  test(`A-12 a key set ${what}: KEYS_UNAVAILABLE`, async () => {
    const { asked, answers, verifier, token } = await scene();
    answers['/jwks'] = answer;
    await assertRefused(verifier, token(), /at present/, 'KEYS_UNAVAILABLE');
    assert.deepEqual(asked, [openid, '/jwks']);
  });
}

for (const path of [openid, '/jwks']) {
  test(`A-12 ${path} of endless size is cut off: KEYS_UNAVAILABLE`, async () => {
    const { answers, verifier, token } = await scene({ timeLimit: 10_000 });
    let sent = 0;
    answers[path] = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const chunk = Buffer.alloc(65_536, ' ');
      const more = () => {
        do sent += chunk.length;
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    };
    await assertRefused(verifier, token(), /at present/, 'KEYS_UNAVAILABLE');
    assert.ok(sent < 10_000_000, `${sent} bytes were taken`);
  });
}

test('A-12 members of a key set that are no keys harm nothing', async () => {
  const { answers, verifier, token } = await scene();
  answers['/jwks'] = json({ keys: [null, 7, 'key', [], {}, { kty: 'XY', kid: key.kid }, ...keySet(key).keys] });
  assert.equal((await verifier.verify(token())).subject, 'ada');
});

test('A-12 an issuer with a path, and with OAuth metadata only (RFC 8414)', async () => {
  const { asked, answers, issuer, verifier, token } = await scene({}, '/tenant');
  const { origin } = new URL(issuer);
  answers[`/tenant${openid}`] = fail(404);
  answers[`${oauth}/tenant`] = json({ issuer, jwks_uri: `${origin}/jwks` });
  assert.equal((await verifier.verify(token())).issuer, issuer);
  assert.deepEqual(asked, [`/tenant${openid}`, `${oauth}/tenant`, '/jwks']);
});

test('A-12 an issuer without any metadata: KEYS_UNAVAILABLE', async () => {
  const { asked, answers, verifier, token } = await scene();
  answers[openid] = fail(404);
  await assertRefused(verifier, token(), /at present/, 'KEYS_UNAVAILABLE');
  assert.deepEqual(asked, [openid, oauth]);
});

for (const uri of ['http://127.0.0.1:4000/jwks', 'http://[::1]/jwks', 'http://issuer.example/jwks', 'data:,{}']) {
  test(`A-12 an https issuer cannot have its keys at ${uri}`, async () => {
    const issuer = 'https://issuer.example';
    const fetched: string[] = [];
    const keys = remoteKeys({
      issuer,
      async fetch(input) {
        fetched.push(new Request(input).url);
        return Response.json({ issuer, jwks_uri: uri, ...keySet(key) });
      },
    });
    await assertRefused(verifierOf(issuerOf([key], { keys })), sign(key), /at present/, 'KEYS_UNAVAILABLE');
    assert.deepEqual(fetched, [`${issuer}${openid}`]);
  });
}

test('A-12 a rotated key works without a restart once the keys known are 30 s old', async (t) => {
  t.mock.timers.enable({ apis: ['Date'] });
  const { asked, answers, verifier, token } = await scene();
  const next = makeKey();
  await verifier.verify(token());
  answers['/jwks'] = json(keySet(next));
  t.mock.timers.tick(29_999);
  await assertRefused(verifier, token(next), /no key/);
  assert.equal(asked.length, 2);
  t.mock.timers.tick(1);
  assert.equal((await verifier.verify(token(next))).subject, 'ada');
  await assertRefused(verifier, token(), /no key/);
  assert.equal(asked.length, 3);
});

test('A-12 an issuer that goes away: its keys are good for ten minutes more', async (t) => {
  t.mock.timers.enable({ apis: ['Date'] });
  const { answers, verifier, token } = await scene();
  await verifier.verify(token());
  answers['/jwks'] = fail(500);
  t.mock.timers.tick(599_999);
  await verifier.verify(token());
  t.mock.timers.tick(1);
  await assertRefused(verifier, token(), /at present/, 'KEYS_UNAVAILABLE');
});
