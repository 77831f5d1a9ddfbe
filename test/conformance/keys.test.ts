// A-12 on the real server: an issuer becomes unavailable, comes back, and rotates its keys.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePort, type RunningProcess, run, temporaryFolder, until } from '../support/process.ts';
import { program } from '../support/program.ts';
import { keySet, makeKey, payloadOf, sign, type TestKey } from '../support/tokens.ts';

const audience = 'https://api.example/graphql';
const openid = '/.well-known/openid-configuration';

/** An issuer that a test can make unavailable. */
interface FickleIssuer {
  readonly url: string;
  readonly asked: string[];
  keys: readonly TestKey[];
  mood: 'well' | 'down' | 'hanging';
  token(key?: TestKey, changes?: Readonly<Record<string, unknown>>): string;
  close(): void;
}

const closing: (() => unknown)[] = [];
after(async () => {
  for (const close of closing.reverse()) await close();
});

async function startIssuer(): Promise<FickleIssuer> {
  const server = createServer((request, response) => {
    const { url = '' } = request;
    fickle.asked.push(url);
    if (fickle.mood !== 'hanging') answer(url, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The server listens on TCP, so its address is an AddressInfo.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answer = (path: string, response: ServerResponse) => {
    const documents: Readonly<Record<string, unknown>> = {
      [openid]: { issuer: url, jwks_uri: `${url}/jwks` },
      '/jwks': keySet(...fickle.keys),
    };
    const status = fickle.mood === 'down' ? 503 : documents[path] ? 200 : 404;
    response
      .writeHead(status, { 'content-type': 'application/json', connection: 'close' })
      .end(JSON.stringify(documents[path] ?? {}));
  };
  const fickle: FickleIssuer = {
    url,
    asked: [],
    keys: [makeKey()],
    mood: 'well',
    token(key = fickle.keys[0], changes = {}) {
      assert.ok(key);
      const iat = Math.floor(Date.now() / 1000);
      return sign(key, { payload: payloadOf({ iss: url, aud: audience, iat, exp: iat + 600, ...changes }) });
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  closing.push(() => fickle.close());
  return fickle;
}

interface Served extends RunningProcess {
  readonly url: string;
  ask(token: string): Promise<{ status: number; headers: Headers; body: any }>;
  ready(): Promise<number>;
}

/** Starts the server, and waits until it is live. It may not become ready. */
async function serve(folder: string, env: Record<string, string>): Promise<Served> {
  const port = await freePort();
  const server = run(program, {
    cwd: folder,
    env: { PORT: String(port), CLAIMGATE_AUDIENCE: audience, ...env },
  });
  closing.push(() => server.stop());
  const url = `http://localhost:${port}`;
  const status = (path: string) =>
    fetch(url + path).then(
      (response) => response.status,
      () => 0,
    );
  await until(async () => {
    assert.equal(server.child.exitCode, null, server.output());
    return (await status('/health/live')) === 200;
  });
  return {
    ...server,
    url,
    ready: () => status('/health/ready'),
    async ask(token) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: '{ viewer { subject scopes issuer } }' }),
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
  };
}

describe('A-12 a server whose issuer goes away', () => {
  let issuer: FickleIssuer;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: Served;
  const start = () => serve(folder.path, { CLAIMGATE_ISSUER: issuer.url });

  before(async () => {
    issuer = await startIssuer();
    folder = await temporaryFolder();
    closing.unshift(folder.remove);
  });

  it('A-12 starts while its issuer is down: not ready, 503 with Retry-After, and recovers', async () => {
    issuer.mood = 'down';
    server = await start();
    assert.equal(await server.ready(), 503);
    const { status, headers, body } = await server.ask(issuer.token());
    assert.equal(status, 503);
    assert.match(headers.get('retry-after') ?? '', /^[1-9]\d*$/);
    assert.equal(body.errors[0].extensions.code, 'KEYS_UNAVAILABLE');
    assert.doesNotMatch(JSON.stringify(body), /127\.0\.0\.1|jwks/);
    issuer.mood = 'well';
    await until(async () => (await server.ready()) === 200);
    assert.equal((await server.ask(issuer.token())).status, 200);
    await until(() => server.output().includes('keys of the issuer are not available'));
    await until(() => server.output().includes('keys of the issuer are available again'));
  });

  it('A-12 100 parallel tokens, and 200 tokens of unknown keys, cause no further fetch', async () => {
    const before = issuer.asked.length;
    const answers = await Promise.all(Array.from({ length: 100 }, () => server.ask(issuer.token())));
    assert.ok(answers.every(({ status }) => status === 200));
    const [key] = issuer.keys;
    assert.ok(key);
    for (let round = 0; round < 4; round++) {
      const refusals = await Promise.all(
        Array.from({ length: 50 }, (_, index) => server.ask(issuer.token({ ...key, kid: `k${round}-${index}` }))),
      );
      assert.ok(refusals.every(({ status }) => status === 401));
    }
    assert.equal(issuer.asked.length, before);
  });

  for (const mood of ['down', 'hanging'] as const) {
    it(`A-12 is restarted while its issuer is ${mood}: ready, and valid tokens stay valid`, async () => {
      await server.stop('SIGKILL');
      issuer.mood = mood;
      server = await start();
      const { status, body } = await server.ask(issuer.token());
      assert.equal(status, 200, server.output());
      assert.equal(body.data.viewer.subject, 'ada');
      assert.equal((await server.ask(issuer.token(makeKey()))).status, 401);
      assert.equal(await server.ready(), 200);
      await until(() => server.output().includes('those of its last answer'));
    });
  }

  it('A-12 is restarted after its issuer has rotated: the new key is valid, the old one is not', async () => {
    await server.stop('SIGKILL');
    const [old] = issuer.keys;
    issuer.keys = [makeKey()];
    issuer.mood = 'well';
    server = await start();
    assert.equal((await server.ask(issuer.token())).status, 200);
    assert.equal((await server.ask(issuer.token(old))).status, 401);
  });
});

it('A-12 A-15 if issuers of the file are down, the embedded server still works', async () => {
  const [partner, absent] = [await startIssuer(), await startIssuer()];
  absent.mood = 'down';
  const folder = await temporaryFolder();
  closing.unshift(folder.remove);
  const given = makeKey();
  const issuers = [
    {
      issuer: partner.url,
      audiences: [audience],
      roles: { claim: ['groups'], scopes: { staff: ['profile'] } },
    },
    { issuer: absent.url, audiences: [audience] },
    { issuer: 'https://given.example', audiences: [audience], keys: { jwks: keySet(given) } },
  ];
  await writeFile(join(folder.path, 'claimgate.config.mjs'), `export default ${JSON.stringify({ issuers })}`);
  const server = await serve(folder.path, {});
  await until(async () => (await server.ready()) === 200);

  const { body } = await server.ask(partner.token(undefined, { scope: undefined, groups: ['staff', 'admin'] }));
  assert.deepEqual(body.data?.viewer, { subject: 'ada', scopes: ['profile'], issuer: partner.url });
  assert.equal((await server.ask(absent.token())).status, 503);
  const direct = await server.ask(partner.token(given, { iss: 'https://given.example' }));
  assert.equal(direct.body.data?.viewer.issuer, 'https://given.example');
  // A key of one issuer does not verify tokens of another issuer.
  assert.equal((await server.ask(partner.token(given))).status, 401);
});
