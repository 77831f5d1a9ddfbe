import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, it } from 'node:test';
import type { KeyCopies, KeyCopy } from '../../src/issuer/ports.ts';
import { StartError } from '../../src/errors.ts';
import type { KeyEvent, RemoteKeysOptions } from '../../src/issuer/options/remote-keys.ts';
import { type RemoteKeys, remoteKeys } from '../../src/issuer/remote-keys.ts';
import { until } from '../support/process.ts';
import {
  assertRefused,
  type BearerVerifier,
  issuerOf,
  keySet,
  makeKey,
  now,
  payloadOf,
  sign,
  type TestKey,
  verifierOf,
} from '../support/tokens.ts';
import { ranMs } from '../support/processor.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

interface Scene {
  readonly issuer: string;
  /** The requested paths, in order. */
  readonly asked: string[];
  /** The current answers by path. Every other path is answered with 404. */
  readonly answers: Record<string, Answer>;
  readonly keys: RemoteKeys;
  readonly verifier: BearerVerifier;
  readonly token: (key?: TestKey) => string;
  /** Advances the clock by this many milliseconds. */
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

/** Starts an issuer on loopback that answers correctly. A test can replace an answer. */
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
  const keys = remoteKeys({ issuer, clock, timeLimitSeconds: 0.3, ...options });
  return {
    issuer,
    asked,
    answers,
    keys,
    verifier: verifierOf(issuerOf([key], { issuer, keys }), clock),
    token: (signer = key) => sign(signer, { payload: payloadOf({ iss: issuer }) }),
    wait(milliseconds) {
      time += milliseconds;
    },
  };
}

it('A-12 nothing is fetched until a token needs it, and then once for 100 parallel tokens', async () => {
  const { asked, verifier, token } = await scene();
  assert.deepEqual(asked, []);
  await assertRefused(verifier, 'garbage');
  assert.deepEqual(asked, []);
  await Promise.all(Array.from({ length: 100 }, () => verifier.verify(token())));
  assert.deepEqual(asked, [openid, '/jwks']);
  await verifier.verify(token());
  assert.equal(asked.length, 2);
});

it('A-12 an unknown kid 1,000 times causes no further fetch within the cooldown', async () => {
  const { asked, verifier, token } = await scene();
  for (let count = 0; count < 10; count++) {
    await Promise.all(
      Array.from({ length: 100 }, () => assertRefused(verifier, token(makeKey('ES256', `k${count}`)), /no key/)),
    );
  }
  assert.equal(asked.length, 2);
});

it('A-12 an issuer that is down: KEYS_UNAVAILABLE, one request per cooldown, and works again afterwards', async () => {
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

it('A-12 a key set that is down: the same', async () => {
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
  // The issuer may have moved its keys, so the metadata is fetched again.
  assert.deepEqual(asked, [openid, '/jwks', openid, '/jwks']);
});

it('A-12 a clock that is set back does not prolong a failure', async () => {
  const { answers, verifier, token, wait } = await scene();
  const good = answers['/jwks'] ?? fail(404);
  answers['/jwks'] = fail(500);
  await assertRefused(verifier, token(), /at present/, 'KEYS_UNAVAILABLE');
  answers['/jwks'] = good;
  wait(-2000);
  await verifier.verify(token());
});

it('A-12 no server at the address: KEYS_UNAVAILABLE', async () => {
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
  'with a jwks_uri that is not a string': (issuer) => json({ issuer, jwks_uri: [`${issuer}/jwks`] }),
  'with a relative jwks_uri': (issuer) => json({ issuer, jwks_uri: '/jwks' }),
  'with a plain http jwks_uri': (issuer) => json({ issuer, jwks_uri: 'http://issuer.example/jwks' }),
  'with a user in jwks_uri': (issuer) => json({ issuer, jwks_uri: `${issuer.replace('//', '//a:b@')}/jwks` }),
  'with a fragment in jwks_uri': (issuer) => json({ issuer, jwks_uri: `${issuer}/jwks#a` }),
  'with a file as jwks_uri': (issuer) => json({ issuer, jwks_uri: 'file:///etc/passwd' }),
  'that is an array': () => json([]),
  'that is null': () => json('null'),
  'that is not JSON': () => json('<html>'),
  'that is empty': () => json(''),
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
  it(`A-12 metadata ${what}: KEYS_UNAVAILABLE, and no key is fetched`, async () => {
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
  'that is not JSON': json('{'),
  'that does not exist': fail(404),
  'behind a redirect': fail(307, { location: '/elsewhere' }),
  'that never comes': () => {},
};
for (const [what, answer] of Object.entries(keySets)) {
  it(`A-12 a key set ${what}: KEYS_UNAVAILABLE`, async () => {
    const { asked, answers, verifier, token } = await scene();
    answers['/jwks'] = answer;
    await assertRefused(verifier, token(), /at present/, 'KEYS_UNAVAILABLE');
    assert.deepEqual(asked, [openid, '/jwks']);
  });
}

for (const path of [openid, '/jwks']) {
  it(`A-12 ${path} of endless size is cut off: KEYS_UNAVAILABLE`, async () => {
    const { answers, verifier, token } = await scene({ timeLimitSeconds: 10 });
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

it('A-12 members of a key set that are not keys are ignored', async () => {
  const { answers, verifier, token } = await scene();
  answers['/jwks'] = json({ keys: [null, 7, 'key', [], {}, { kty: 'XY', kid: key.kid }, ...keySet(key).keys] });
  assert.equal((await verifier.verify(token())).subject, 'ada');
});

it('A-12 an issuer with a path, and with OAuth metadata only (RFC 8414)', async () => {
  const { asked, answers, issuer, verifier, token } = await scene({}, '/tenant');
  const { origin } = new URL(issuer);
  answers[`/tenant${openid}`] = fail(404);
  answers[`${oauth}/tenant`] = json({ issuer, jwks_uri: `${origin}/jwks` });
  assert.equal((await verifier.verify(token())).issuer, issuer);
  assert.deepEqual(asked, [`/tenant${openid}`, `${oauth}/tenant`, '/jwks']);
});

it('A-12 an issuer without any metadata: KEYS_UNAVAILABLE', async () => {
  const { asked, answers, verifier, token } = await scene();
  answers[openid] = fail(404);
  await assertRefused(verifier, token(), /at present/, 'KEYS_UNAVAILABLE');
  assert.deepEqual(asked, [openid, oauth]);
});

for (const uri of ['http://127.0.0.1:4000/jwks', 'http://[::1]/jwks', 'http://issuer.example/jwks', 'data:,{}']) {
  it(`A-12 an https issuer cannot have its keys at ${uri}`, async () => {
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

const minute = 60_000;
const hour = 60 * minute;

it('A-12 a rotated key works without a restart when the known keys are 30 s old, and the old key is gone', async () => {
  const { asked, answers, verifier, token, wait } = await scene();
  const next = makeKey();
  await verifier.verify(token());
  answers['/jwks'] = json(keySet(next));
  wait(29_999);
  await assertRefused(verifier, token(next), /no key/);
  await verifier.verify(token());
  assert.equal(asked.length, 2);
  wait(1);
  assert.equal((await verifier.verify(token(next))).subject, 'ada');
  await assertRefused(verifier, token(), /no key/);
  assert.deepEqual(asked, [openid, '/jwks', '/jwks']);
});

it('A-12 100 parallel tokens of a rotated key cause one fetch, and all are accepted', async () => {
  const { asked, answers, verifier, token, wait } = await scene();
  const next = makeKey();
  await verifier.verify(token());
  answers['/jwks'] = json(keySet(key, next));
  wait(30_000);
  await Promise.all(Array.from({ length: 100 }, () => verifier.verify(token(next))));
  assert.equal(asked.length, 3);
});

it('A-12 an unknown kid 1,000 times in an hour causes at most one fetch per 30 s, for any kid', async () => {
  const { asked, verifier, token, wait } = await scene();
  for (let count = 0; count < 1000; count++) {
    wait(3600);
    await assertRefused(verifier, token({ ...key, kid: `k${count}` }), /no key/);
  }
  const fetches = asked.filter((path) => path === '/jwks').length;
  assert.ok(fetches > 60 && fetches <= 121, `${fetches} fetches`);
});

it('A-12 one unknown kid causes fewer and fewer fetches within an hour, and is found after it is published', async () => {
  const { answers, keys, wait } = await scene();
  const late = makeKey();
  const find = () => keys.find({ alg: 'ES256', kid: late.kid });
  for (let count = 0; count < 360; count++) {
    wait(10_000);
    assert.deepEqual(await find(), []);
  }
  // The regular refreshes and a few more.
  assert.ok(keys.state().fetches <= 60 / 8 + 7, `${keys.state().fetches} fetches`);
  answers['/jwks'] = json(keySet(key, late));
  wait(10 * minute);
  assert.equal((await find()).length, 1);
});

it('A-12 keys are fetched ahead of time, in the background, so that no caller has to wait', async () => {
  const { asked, answers, keys, verifier, token, wait } = await scene();
  await verifier.verify(token());
  wait(8 * minute - 1);
  await verifier.verify(token());
  assert.equal(asked.length, 2);
  wait(1);
  answers['/jwks'] = () => {};
  await Promise.all(Array.from({ length: 100 }, () => verifier.verify(token())));
  assert.equal(keys.state().freshness, 'due');
  await until(() => asked.length === 3);
  answers['/jwks'] = json(keySet(key));
  // The fetch hangs until its time limit.
  await until(() => keys.state().failing);
  wait(5000);
  await verifier.verify(token());
  await until(() => keys.state().freshness === 'fresh');
  assert.deepEqual(asked, [openid, '/jwks', '/jwks', openid, '/jwks']);
});

it('A-12 a cached token of a withdrawn key is refused after ten minutes', async () => {
  const { answers, verifier, token, wait } = await scene();
  const cached = sign(key, { payload: payloadOf({ iss: issuerIn(token()), exp: now + 7200 }) });
  await verifier.verify(cached);
  answers['/jwks'] = json(keySet(makeKey()));
  wait(8 * minute - 1);
  await verifier.verify(cached);
  wait(2 * minute + 1);
  await assertRefused(verifier, cached, /no key/);
});

const outages: Readonly<Record<string, Answer>> = {
  'is down': fail(500),
  hangs: () => {},
  'answers garbage': json('<html>'),
  'answers no keys': json({ keys: [] }),
  'answers keys of no use': json({ keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: key.kid }] }),
  redirects: fail(302, { location: '/elsewhere' }),
};
for (const [what, answer] of Object.entries(outages)) {
  it(`A-12 an issuer that ${what}: its keys are used for up to 24 hours, then KEYS_UNAVAILABLE, then it works again`, async () => {
    const { answers, keys, wait, issuer } = await scene({ timeLimitSeconds: 0.1 });
    await keys.refresh();
    const good = answers['/jwks'] ?? fail(404);
    const [thumbprint] = (await keys.find({ alg: 'ES256', kid: key.kid })).map(({ id }) => id);
    answers['/jwks'] = answer;
    answers[openid] = answer;
    for (let hours = 1; hours < 24; hours++) {
      wait(hour);
      assert.equal((await keys.find({ alg: 'ES256', kid: key.kid })).length, 1);
      assert.ok(keys.has(String(thumbprint)));
    }
    assert.equal(keys.state().freshness, 'old');
    await until(() => keys.state().failing);
    wait(hour);
    await assert.rejects(keys.find({ alg: 'ES256', kid: key.kid }), { code: 'KEYS_UNAVAILABLE' });
    await assert.rejects(keys.refresh(), { code: 'KEYS_UNAVAILABLE' });
    assert.ok(!keys.has(String(thumbprint)));
    answers['/jwks'] = good;
    answers[openid] = json({ issuer, jwks_uri: `${issuer}/jwks` });
    wait(5000);
    assert.equal((await keys.find({ alg: 'ES256', kid: key.kid })).length, 1);
  });
}

it('A-12 in an outage the first look-up waits, and the later ones do not', async () => {
  const { answers, keys, wait } = await scene({ timeLimitSeconds: 0.2 });
  await keys.refresh();
  answers['/jwks'] = () => {};
  wait(hour);
  const find = async () => {
    const startedAt = performance.now();
    assert.equal((await keys.find({ alg: 'ES256', kid: key.kid })).length, 1);
    return performance.now() - startedAt;
  };
  assert.ok((await find()) >= 150);
  for (let count = 0; count < 5; count++) {
    wait(5000);
    assert.ok((await find()) < 150);
  }
});

it('A-12 a new address of the keys is found at once if the old address fails, otherwise within an hour', async () => {
  const { asked, answers, issuer, keys, wait } = await scene();
  await keys.refresh();
  answers[openid] = json({ issuer, jwks_uri: `${issuer}/moved` });
  const next = makeKey();
  answers['/moved'] = json(keySet(next));
  wait(10 * minute);
  await keys.refresh();
  assert.deepEqual(asked, [openid, '/jwks', '/jwks']);
  wait(hour);
  await keys.refresh();
  assert.deepEqual(asked.slice(3), [openid, '/moved']);
  answers[openid] = json({ issuer, jwks_uri: `${issuer}/jwks` });
  answers['/moved'] = fail(404);
  wait(10 * minute);
  await keys.refresh();
  wait(5000);
  // The fetch ran in the background.
  assert.equal((await keys.find({ alg: 'ES256', kid: next.kid })).length, 1);
  await until(() => !keys.state().failing);
  assert.equal((await keys.find({ alg: 'ES256', kid: key.kid })).length, 1);
});

it('A-12 while its metadata is unavailable or wrong, the keys are fetched from the last address', async () => {
  const { answers, keys, issuer, wait } = await scene();
  await keys.refresh();
  const next = makeKey();
  answers['/jwks'] = json(keySet(next));
  for (const answer of [fail(500), json({ issuer: 'https://evil.example', jwks_uri: `${issuer}/evil` })]) {
    answers[openid] = answer;
    wait(hour);
    await keys.refresh();
    assert.equal((await keys.find({ alg: 'ES256', kid: next.kid })).length, 1);
    assert.ok(!keys.state().failing);
  }
});

it('A-12 keys age also if the clock is set back', async () => {
  const { answers, keys, wait } = await scene();
  await keys.refresh();
  answers['/jwks'] = fail(500);
  answers[openid] = fail(500);
  wait(-100 * hour);
  assert.equal((await keys.find({ alg: 'ES256', kid: key.kid })).length, 1);
  wait(24 * hour);
  await assert.rejects(keys.find({ alg: 'ES256', kid: key.kid }), { code: 'KEYS_UNAVAILABLE' });
});

it('A-12 a fetch that ignores its signal is also ended', async () => {
  const keys = remoteKeys({
    issuer: 'https://issuer.example',
    timeLimitSeconds: 0.05,
    fetch: () => new Promise(() => {}),
  });
  await assert.rejects(keys.refresh(), { code: 'KEYS_UNAVAILABLE' });
});

it('A-12 a set of 5,000 keys costs little, and only a few of them are tried for a token without kid', async () => {
  const { answers, keys, verifier, token } = await scene();
  const { kid: _, ...nameless } = key.publicJwk;
  const others = Array.from({ length: 20 }, () => makeKey().publicJwk).map((jwk) => ({ ...jwk, kid: undefined }));
  answers['/jwks'] = json({
    keys: [
      nameless,
      ...Array.from({ length: 1500 }, () => others)
        .flat()
        .slice(0, 1500),
    ],
  });
  const startedAt = ranMs(process.pid);
  await keys.refresh();
  assert.ok(ranMs(process.pid) - startedAt < 1000);
  assert.equal(keys.state().keys, 200);
  assert.equal((await keys.find({ alg: 'ES256' })).length, 8);
  const { header, payload } = { header: { kid: undefined }, payload: payloadOf({ iss: issuerIn(token()) }) };
  assert.equal((await verifier.verify(sign(key, { header, payload }))).subject, 'ada');
});

/** Stores copies in memory, like a database stores them. */
function copiesOf(kept = new Map<string, KeyCopy>()): KeyCopies & { readonly kept: Map<string, KeyCopy> } {
  return {
    kept,
    load: async (issuer) => kept.get(issuer) ?? null,
    save: async (issuer, copy) => void kept.set(issuer, copy),
  };
}

it('A-12 a restart during an outage: the last keys are used until they are too old', async () => {
  const copies = copiesOf();
  const first = await scene({ copies });
  await first.keys.refresh();
  assert.deepEqual(
    copies.kept.get(first.issuer)?.keySet.keys.map((jwk) => Object.keys(jwk).sort()),
    [['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']],
  );
  first.answers[openid] = fail(503);
  const events: KeyEvent['is'][] = [];
  let time = now * 1000 + hour;
  const clock = () => time;
  const restart = () => remoteKeys({ issuer: first.issuer, copies, clock, onEvent: ({ is }) => events.push(is) });
  const keys = restart();
  assert.equal((await keys.find({ alg: 'ES256', kid: key.kid })).length, 1);
  assert.deepEqual(events, ['failed', 'recalled']);
  assert.deepEqual([keys.state().age, keys.state().freshness, keys.state().failing], [hour, 'old', true]);
  time = now * 1000 + 24 * hour;
  await assert.rejects(restart().refresh(), { code: 'KEYS_UNAVAILABLE' });
  time = now * 1000 - hour;
  await assert.rejects(restart().refresh(), { code: 'KEYS_UNAVAILABLE' });
  time = now * 1000 + 2 * hour;
  first.answers[openid] = json({ issuer: first.issuer, jwks_uri: `${first.issuer}/jwks` });
  await restart().refresh();
  assert.equal(copies.kept.get(first.issuer)?.fetchedAt, time);
});

it('A-12 copies that cannot be read or written, or hang, only cause events', async () => {
  const broken: KeyCopies = {
    load: async () => Promise.reject(new Error('the database is away')),
    save: async () => Promise.reject(new Error('the database is away')),
  };
  const events: KeyEvent['is'][] = [];
  const { answers, keys, wait } = await scene({ copies: broken, onEvent: ({ is }) => events.push(is) });
  answers['/jwks'] = fail(500);
  await assert.rejects(keys.refresh(), { code: 'KEYS_UNAVAILABLE' });
  answers['/jwks'] = json(keySet(key));
  wait(5000);
  await keys.refresh();
  await until(() => events.length === 4);
  assert.deepEqual(events, ['failed', 'copy failed', 'fetched', 'copy failed']);
  const hanging = await scene({ copies: { ...broken, load: () => new Promise(() => {}) }, timeLimitSeconds: 0.05 });
  hanging.answers['/jwks'] = fail(500);
  await assert.rejects(hanging.keys.refresh(), { code: 'KEYS_UNAVAILABLE' });
});

it('A-12 age, hits, misses and failures can be observed', async () => {
  const { answers, keys, wait } = await scene();
  assert.deepEqual(keys.state(), {
    keys: 0,
    age: null,
    freshness: 'unknown',
    hits: 0,
    misses: 0,
    fetches: 0,
    failures: 0,
    failing: false,
  });
  await keys.find({ alg: 'ES256', kid: key.kid });
  await keys.find({ alg: 'ES256', kid: 'nobody' });
  answers['/jwks'] = fail(500);
  wait(10 * minute);
  await keys.refresh();
  assert.deepEqual(keys.state(), {
    keys: 1,
    age: 10 * minute,
    freshness: 'old',
    hits: 1,
    misses: 1,
    fetches: 2,
    failures: 1,
    failing: true,
  });
});

it('A-12 ages that contradict each other are refused', () => {
  const issuer = 'https://issuer.example';
  assert.throws(() => remoteKeys({ issuer, refreshAfterSeconds: 2, maxAgeSeconds: 1 }), StartError);
  assert.throws(() => remoteKeys({ issuer, maxAgeSeconds: 2 ** 40 }), StartError);
  assert.throws(() => remoteKeys({ issuer, refreshAfterSeconds: Number.NaN }), StartError);
});

function issuerIn(token: string): string {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).iss;
}

for (const type of ['text/plain; charset=utf-8', 'application/octet-stream', 'text/html', 'binary', '']) {
  it(`G-24 metadata and keys that are served as "${type}" are read`, async () => {
    const { answers, issuer, verifier, token } = await scene();
    answers[openid] = json({ issuer, jwks_uri: `${issuer}/jwks` }, type);
    answers['/jwks'] = json(keySet(key), type);
    assert.equal((await verifier.verify(token())).subject, 'ada');
  });
}
it('G-24 keys without a content type, and after a byte order mark, are read', async () => {
  const { answers, verifier, token } = await scene();
  answers['/jwks'] = (_, response) => response.writeHead(200).end(`\ufeff${JSON.stringify(keySet(key))}`);
  assert.equal((await verifier.verify(token())).subject, 'ada');
});

/** Returns the message about a failure that the operator gets. */
async function failureOf(changes: (scene: Scene) => void, options: Partial<RemoteKeysOptions> = {}): Promise<string> {
  const failures: string[] = [];
  const here = await scene({
    ...options,
    onEvent: (event) => {
      if (event.is === 'failed')
        failures.push(event.error instanceof Error ? event.error.message : String(event.error));
    },
  });
  changes(here);
  await assertRefused(here.verifier, here.token(), /at present/, 'KEYS_UNAVAILABLE');
  return failures.join();
}

it('G-24 a page instead of keys is reported with its media type', async () => {
  const message = await failureOf(({ answers }) => {
    answers['/jwks'] = json('<html>', 'text/html');
  });
  assert.match(message, /\/jwks answered text\/html that is not JSON/);
});

for (const [what, keys, reason] of [
  ['that has x5c alone', [{ kty: 'RSA', use: 'sig', kid: 'a', x5c: ['MII='] }], /: e: expected a text$/],
  ['for encryption', [{ ...key.publicJwk, use: 'enc' }], /: use: expected sig$/],
  ['that is symmetric', [{ kty: 'oct', k: 'c2VjcmV0' }], /: it holds a private or symmetric key: /],
  ['that is not there', [], /: the set is empty$/],
] as const) {
  it(`a key set whose only key is one ${what} is reported with the reason`, async () => {
    const message = await failureOf(({ answers }) => {
      answers['/jwks'] = json({ keys });
    });
    assert.match(message, /\/jwks answered no key that verifies signatures: /);
    assert.match(message, reason);
    assert.doesNotMatch(message, /MII|c2VjcmV0/);
  });
}

const mismatches: Readonly<Record<string, readonly [(issuer: string) => unknown, RegExp]>> = {
  'with a slash more': [
    (issuer) => `${issuer}/`,
    /found "http:\/\/127\.0\.0\.1:\d+\/"; they differ in a slash at the end/,
  ],
  'of a template': [
    () => 'https://login.example/{tenantid}/v2.0',
    /found "https:\/\/login\.example\/\{tenantid\}\/v2\.0"; that is a template/,
  ],
  'of another name': [
    () => 'https://adfs.example/adfs',
    /found "https:\/\/adfs\.example\/adfs"; .*set metadata to the address/,
  ],
  'that is not a string': [() => 7, /found no text/],
  'of invisible characters, without end': [() => `a\n\u200b${'b'.repeat(1_000)}`, /found "a\\n\\u\{200b\}b+…"/],
};
for (const [what, [other, expected]] of Object.entries(mismatches)) {
  it(`G-23 metadata ${what}: the message has both names`, async () => {
    let configured = '';
    const message = await failureOf(({ answers, issuer }) => {
      configured = issuer;
      answers[openid] = json({ issuer: other(issuer), jwks_uri: `${issuer}/jwks` });
    });
    assert.ok(message.includes(`expected "${configured}"`), message);
    assert.match(message, expected);
    assert.ok(message.length < 700);
  });
}

it('G-22 keys at jwksUri: no metadata is read, and the issuer is only a string', async () => {
  const { asked, issuer: origin } = await scene();
  for (const issuer of ['acme.com', 'http://adfs.example/adfs/services/trust']) {
    const keys = remoteKeys({ issuer, jwksUri: `${origin}/jwks` });
    const verifier = verifierOf(issuerOf([key], { issuer, keys }));
    const { subject } = await verifier.verify(sign(key, { payload: payloadOf({ iss: issuer }) }));
    assert.equal(subject, 'ada');
    await assertRefused(verifier, sign(key, { payload: payloadOf({ iss: `${issuer}/` }) }), /iss/);
  }
  assert.deepEqual(asked, ['/jwks', '/jwks']);
});
it('G-22 metadata elsewhere: its `issuer` is not compared, and a new address of the keys is found', async () => {
  const { asked, answers, issuer: origin } = await scene();
  const [next, issuer] = [makeKey('ES256', 'next'), 'http://adfs.example/adfs/services/trust'];
  answers['/elsewhere?policy=a'] = json({ issuer: 'https://adfs.example/adfs', jwks_uri: `${origin}/jwks` });
  let time = now * 1_000;
  const clock = () => time;
  const keys = remoteKeys({ issuer, metadata: `${origin}/elsewhere?policy=a`, clock });
  const verifier = verifierOf(issuerOf([key], { issuer, keys }), clock);
  const tokenOf = (signer: TestKey) => sign(signer, { payload: payloadOf({ iss: issuer }) });
  await verifier.verify(tokenOf(key));
  assert.deepEqual(asked, ['/elsewhere?policy=a', '/jwks']);
  // First the keys rotate, then their address changes.
  answers['/jwks'] = json(keySet(next));
  time += 31_000;
  await verifier.verify(tokenOf(next));
  await assertRefused(verifier, tokenOf(key), /no key/);
  answers['/jwks'] = fail(404);
  answers['/moved'] = json(keySet(key, next));
  answers['/elsewhere?policy=a'] = json({ jwks_uri: `${origin}/moved` });
  time += 61_000;
  const third = makeKey('ES256', 'third');
  await assertRefused(verifier, tokenOf(third), /no key/);
  time += 61_000;
  await assertRefused(verifier, tokenOf(makeKey('ES256', 'fourth')), /no key/);
  await verifier.verify(tokenOf(key));
  assert.ok(asked.includes('/moved'), asked.join());
});
it('G-22 jwksUri that rotates its keys: an unknown key causes a new fetch', async () => {
  const { answers, issuer: origin } = await scene();
  const [next, issuer] = [makeKey('ES256', 'next'), 'acme.com'];
  let time = now * 1_000;
  const clock = () => time;
  const keys = remoteKeys({ issuer, jwksUri: `${origin}/jwks`, clock });
  const verifier = verifierOf(issuerOf([key], { issuer, keys }), clock);
  await verifier.verify(sign(key, { payload: payloadOf({ iss: issuer }) }));
  answers['/jwks'] = json(keySet(next));
  time += 31_000;
  await verifier.verify(sign(next, { payload: payloadOf({ iss: issuer }) }));
});
