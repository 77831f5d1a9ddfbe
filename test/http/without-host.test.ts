import assert from 'node:assert/strict';
import { maxHeaderSize } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { sendRaw } from '../support/client.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const operation = JSON.stringify({ query: '{ __typename }' });
const body = `content-type: application/json\r\ncontent-length: ${operation.length}\r\nconnection: close\r\n\r\n${operation}`;

describe('requests as proxies and load balancers send them', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ env: { CLAIMGATE_TRUSTED_PROXIES: 'loopback' } });
  });
  after(() => server.dispose());

  it('HTTP/1.0 without a Host, as nginx and health checks send it, is answered at every kind of address', async () => {
    assert.match(await sendRaw(server.own, `POST /graphql HTTP/1.0\r\n${body}`), /^HTTP\/1\.1 200 [^]*__typename/);
    for (const path of ['/health/ready', '/oauth/jwks', '/.well-known/oauth-protected-resource/graphql']) {
      assert.match(await sendRaw(server.own, `GET ${path} HTTP/1.0\r\n\r\n`), /^HTTP\/1\.1 200 /, path);
    }
  });

  for (const named of [
    'host: a[b',
    'host: claimgate_backend:80:80',
    'host:',
    'host: x\r\nx-forwarded-host: a[b',
    'host: x\r\nx-forwarded-host: a, b',
    'host: x\r\nx-forwarded-proto: ht tp',
    'host: x\r\nx-forwarded-proto: https,http',
    'host: x\r\nforwarded: for=10.0.0.1;host="a[b";proto=%%',
  ]) {
    it(`an operation with "${named.replace('\r\n', ', ')}" is answered`, async () => {
      const answer = await sendRaw(server.own, `POST /graphql HTTP/1.1\r\n${named}\r\n${body}`);
      assert.match(answer, /^HTTP\/1\.1 200 [^]*__typename/);
    });
  }

  it('a connection of a trusted proxy stays open longer than proxies use it', async () => {
    const { headers } = await fetch(`${server.own}/health/live`);
    assert.equal(headers.get('keep-alive'), 'timeout=620');
  });

  it('headers over the limit are answered 431 with the limit and advice', async () => {
    const large = `x: ${'x'.repeat(maxHeaderSize)}`;
    const answer = await sendRaw(server.own, `POST /graphql HTTP/1.1\r\nhost: x\r\n${large}\r\n${body}`);
    assert.match(answer, /^HTTP\/1\.1 431 /);
    assert.match(answer, new RegExp(`"errors":\\[\\{"message":"[^"]* up to ${maxHeaderSize} bytes`));
    assert.match(answer, /fewer claims[^"]*NODE_OPTIONS=--max-http-header-size/);
    assert.doesNotMatch(answer, /xxxx/);
  });

  for (const [method, path, allowed] of [
    ['GET', '/oauth/token', 'POST'],
    ['GET', '/oauth/revoke', 'POST'],
    ['GET', '/oauth/introspect', 'POST'],
    ['PUT', '/oauth/par', 'POST'],
    ['POST', '/oauth/jwks', 'GET'],
    ['POST', '/oauth/authorize', 'GET'],
  ] as const) {
    it(`${method} ${path} is answered 405 with the method that is expected, as after a redirect of a proxy`, async () => {
      const response = await fetch(`${server.own}${path}`, { method });
      assert.deepEqual([response.status, response.headers.get('allow')], [405, allowed]);
      const { error, error_description: description } = (await response.json()) as Record<string, string>;
      assert.equal(error, 'invalid_request');
      assert.match(description ?? '', new RegExp(`^expected ${allowed}`));
    });
  }

  const two = 'host: a\r\nHOST: a\r\n';
  const upgrade =
    'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
  for (const [name, request] of [
    ['a POST in the lane', `POST /graphql HTTP/1.1\r\n${two}${body}`],
    ['a POST with a cookie', `POST /graphql HTTP/1.1\r\nhost: a\r\ncookie: a=b\r\nHost: b\r\n${body}`],
    ['a GET of a query', `GET /graphql?query={__typename} HTTP/1.1\r\n${two}apollo-require-preflight: 1\r\n\r\n`],
    ['a GET of the authorization server', `GET /oauth/jwks HTTP/1.1\r\n${two}\r\n`],
    ['a GET of a health check', `GET /health/live HTTP/1.1\r\n${two}\r\n`],
    ['a GET of HTTP/1.0', `GET /health/live HTTP/1.0\r\n${two}\r\n`],
    ['a GET of an unknown address', `GET /none HTTP/1.1\r\n${two}\r\n`],
    ['three lines', `GET /health/live HTTP/1.1\r\n${two}host: a\r\n\r\n`],
    ['an upgrade to WebSocket', `GET /graphql HTTP/1.1\r\n${two}${upgrade}\r\n`],
    ['no Host', `POST /graphql HTTP/1.1\r\n${body}`],
    ['no Host in an upgrade to WebSocket', `GET /graphql HTTP/1.1\r\n${upgrade}\r\n`],
  ] as const) {
    it(`a request without exactly one Host line is answered 400: ${name}`, async () => {
      const answer = await sendRaw(server.own, request);
      assert.match(answer, /^HTTP\/1\.1 400 [^]*\r\nconnection: close\r\n/i);
      const [, text = ''] = answer.split('\r\n\r\n');
      const message = 'The request must have exactly one Host header (RFC 9112 §3.2)';
      assert.deepEqual(JSON.parse(text), { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
    });
  }

  it('a request without exactly one Host line is not run, and ends the connection', async () => {
    const next = `POST /graphql HTTP/1.1\r\nhost: a\r\n${body}`;
    const answer = await sendRaw(server.own, `GET /health/live HTTP/1.1\r\n${two}\r\n${next}`);
    assert.equal(answer.match(/HTTP\/1\.1 /g)?.length, 1, answer);
    const first = `GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n`;
    const both = await sendRaw(server.own, `${first}GET /health/live HTTP/1.1\r\n${two}\r\n`);
    assert.match(both, /^HTTP\/1\.1 200 [^]*HTTP\/1\.1 400 /);
  });

  it('an upgrade to WebSocket with one Host line is answered 101', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(server.own).port), '127.0.0.1');
      socket.once('data', (data) => {
        socket.destroy();
        resolve(String(data));
      });
      socket.once('error', reject);
      socket.write(
        `GET /graphql HTTP/1.1\r\nhost: a\r\n${upgrade}sec-websocket-protocol: graphql-transport-ws\r\n\r\n`,
      );
    });
    assert.match(answer, /^HTTP\/1\.1 101 /);
  });

  it('a malformed HTTP request is answered 400 in the shape of GraphQL', async () => {
    const answer = await sendRaw(server.own, 'POST /graphql SMTP\r\n\r\n');
    assert.match(answer, /^HTTP\/1\.1 400 [^]*"errors":\[\{"message":"This is not a well-formed HTTP request"/);
  });
});
