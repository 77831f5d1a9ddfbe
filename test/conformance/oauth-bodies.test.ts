import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { sendRaw, signInFor } from '../support/client.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const form = 'application/x-www-form-urlencoded';
const json = 'application/json';
const app = 'https://app.example.com';
/** Every endpoint below `/oauth` that reads a body, with a valid body. */
const endpoints: readonly (readonly [path: string, type: string, body: string])[] = [
  ['/oauth/token', form, 'grant_type=refresh_token&client_id=claimgate&refresh_token=x'],
  ['/oauth/revoke', form, 'client_id=claimgate&token=x'],
  ['/oauth/introspect', form, 'client_id=claimgate&token=x'],
  ['/oauth/par', form, 'client_id=claimgate&response_type=code'],
  ['/oauth/authorize', form, 'client_id=claimgate&response_type=code'],
  ['/oauth/logout', form, 'client_id=claimgate'],
  ['/oauth/register', json, '{"redirect_uris":["https://shop.example/callback"]}'],
  ['/interaction/x/login', form, 'email=a'],
  ['/account/x', form, 'a=b'],
];

describe('G-4 bodies below /oauth, and of the pages', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({
      env: { CLAIMGATE_ALLOWED_ORIGINS: app },
      config: "export default { registration: 'open', attempts: { registration: 1000, registrationEverywhere: 1000 } }",
    });
  });
  after(() => server.dispose());

  const post = (path: string, headers: Record<string, string>, body: NonNullable<RequestInit['body']>) =>
    fetch(server.own + path, { method: 'POST', headers, body, redirect: 'manual' });

  for (const [path, type, body] of endpoints) {
    it(`G-4 ${path} refuses a compressed body and names its coding`, async () => {
      for (const [coding, compressed] of [
        ['gzip', gzipSync(body)],
        ['deflate', deflateSync(body)],
        ['br', brotliCompressSync(body)],
        ['zstd', zstdCompressSync(body)],
        ['GZIP, identity', gzipSync(body)],
      ] as const) {
        const answer = await post(path, { 'content-type': type, 'content-encoding': coding }, compressed);
        assert.equal(answer.status, 415);
        assert.equal(answer.headers.get('accept-encoding'), 'identity');
        const told: unknown = await answer.json();
        assert.deepEqual(told, {
          error: 'invalid_request',
          error_description: `Content-Encoding: ${coding.toLowerCase().split(',')[0]} is not decoded here: send the body as it is, without the Content-Encoding header`,
        });
      }
      const odd = await post(path, { 'content-type': type, 'content-encoding': 'hunter2' }, body);
      assert.equal(odd.status, 415);
      assert.doesNotMatch(await odd.text(), /hunter2/);
    });

    it(`G-4 ${path} refuses a charset that it does not read, and reads the others`, async () => {
      for (const charset of ['utf-16', 'UTF-16LE', 'shift_jis', 'hunter2', ...(type === json ? ['iso-8859-1'] : [])]) {
        const answer = await post(path, { 'content-type': `${type}; charset=${charset}` }, body);
        const text = await answer.text();
        assert.equal(answer.status, 415, text);
        assert.match(text, /"invalid_request","error_description":"The charset of the Content-Type is not read here: /);
        assert.doesNotMatch(text, /hunter2/);
      }
      const plain = await post(path, { 'content-type': type }, body);
      for (const charset of [
        'UTF-8',
        '"utf-8"',
        'us-ascii',
        ...(type === form ? ['ISO-8859-1', 'windows-1252'] : []),
      ]) {
        const answer = await post(
          path,
          { 'content-type': `${type};charset=${charset}`, 'content-encoding': 'identity' },
          body,
        );
        assert.equal(answer.status, plain.status, charset);
        await answer.arrayBuffer();
      }
      await plain.arrayBuffer();
    });

    it(`G-4 ${path} refuses a Transfer-Encoding other than chunked, and closes the connection`, async () => {
      const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\n`;
      const chunk = (data: string) => `${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`;
      const odd = await sendRaw(
        server.own,
        `${head}Transfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n${chunk(body)}0\r\n\r\n`,
      );
      assert.match(odd, /^HTTP\/1\.1 501 /);
      assert.match(odd, /"The Transfer-Encoding is not decoded here: send the body as it is, or with chunked alone/);
      const even = await sendRaw(
        server.own,
        `${head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunk(body)}0\r\n\r\n`,
      );
      assert.doesNotMatch(even, /^HTTP\/1\.1 (?:415|501)/);
      for (const [wrong, message] of [
        ['Transfer-Encoding: chunked, gzip\r\n', 'The Transfer-Encoding is not read here: expected chunked alone'],
        ['Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', 'The Content-Length is not one whole number, or'],
        ['Content-Length: 5\r\nContent-Length: 6\r\n', 'The Content-Length is not one whole number, or'],
        ['Content-Length: hunter2\r\n', 'The Content-Length is not one whole number, or'],
        ['hunter2 : x\r\n', 'A header of the request is malformed'],
      ] as const) {
        const answer = await sendRaw(server.own, `${head}${wrong}Connection: close\r\n\r\n${chunk(body)}0\r\n\r\n`);
        assert.match(answer, /^HTTP\/1\.1 400 /, wrong);
        assert.ok(answer.includes(`"message":"${message}`) && !answer.includes('hunter2'), answer);
      }
    });
  }

  it('G-4 a form with the charset ISO-8859-1, as Java clients send it, renews tokens', async () => {
    const { refreshToken } = await signInFor(server.url, { scope: 'openid profile' });
    const body = String(
      new URLSearchParams({ grant_type: 'refresh_token', client_id: 'claimgate', refresh_token: refreshToken }),
    );
    const answer = await post('/oauth/token', { 'content-type': `${form}; charset=ISO-8859-1` }, body);
    assert.equal(answer.status, 200, await answer.text());
  });

  it('G-4 a page may read why its body was refused', async () => {
    const headers = { 'content-type': form, 'content-encoding': 'gzip', origin: app };
    const answer = await post('/oauth/token', headers, gzipSync('a=b'));
    assert.equal(answer.status, 415);
    assert.equal(answer.headers.get('access-control-allow-origin'), app);
  });

  it('G-4 each fault of a registration has a message of its own', async () => {
    const tried = async (body: NonNullable<RequestInit['body']>, type = json) => {
      const answer = await post('/oauth/register', { 'content-type': type }, body);
      const { error_description: description } = (await answer.json()) as { error_description: string };
      return `${answer.status} ${description}`;
    };
    assert.equal(await tried('a=b', form), '400 expected a body of application/json');
    assert.equal(await tried(' '.repeat(65_537)), '400 expected a body of up to 65536 bytes');
    assert.equal(await tried(' '), '400 expected a JSON object, and the body is empty');
    assert.equal(await tried('{'), '400 expected a JSON object, and the body is not JSON');
    assert.equal(await tried('[]'), '400 expected a JSON object, and the body is other JSON');
    assert.equal(
      await tried(Buffer.from([0x22, 0xe9, 0x22])),
      '400 expected a JSON object in UTF-8 (RFC 8259 §8.1), and the body is not UTF-8',
    );
  });
});
