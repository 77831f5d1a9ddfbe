import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it, type TestContext } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import { WebSocket } from 'ws';
import type { AuditEvent } from '../../src/explorer/client/activity/data/event.ts';
import { addedDocument } from '../../src/explorer/documents/activity.ts';
import { identityNames } from '../../src/explorer/documents/identity-names.ts';
import { follow, type FollowOptions } from '../../src/explorer/client/activity/live/follow.ts';
import { refresh, signInFor } from '../support/client.ts';
import { until } from '../support/process.ts';
import { addPerson, startTestServer, type TestServer } from '../support/server.ts';

describe('the activity page', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.dispose());

  /** Gets a file as the browser does, compressed. */
  async function compressed(path: string): Promise<{ bytes: Buffer; text: string; headers: Record<string, unknown> }> {
    const response = await new Promise<IncomingMessage>((resolve, reject) =>
      get(new URL(path, server.url), { headers: { 'accept-encoding': 'br' } }, resolve).on('error', reject),
    );
    assert.equal(response.statusCode, 200, path);
    const bytes = await buffer(response);
    const isBrotli = response.headers['content-encoding'] === 'br';
    return { bytes, text: (isBrotli ? brotliDecompressSync(bytes) : bytes).toString(), headers: response.headers };
  }

  it('has a policy without inline styles, and its files are less than 150 kB compressed', async (t) => {
    const { bytes, text, headers } = await compressed('/explorer/activity');
    assert.equal(
      headers['content-security-policy'],
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    );
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
    const files = [...text.matchAll(/(?:src|href)="(\/explorer\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
    assert.ok(files.length >= 2, text);
    let total = bytes.length;
    for (const path of files) {
      const file = await compressed(path);
      total += file.bytes.length;
      assert.doesNotMatch(file.text, /import\("(?!\.\/)/, 'no import at run time from elsewhere');
    }
    t.diagnostic(`${files.length} files, ${total} bytes compressed`);
    assert.ok(total < 150_000, `${total} bytes`);
  });

  it('says what to do without scripts', async () => {
    const { text } = await compressed('/explorer/activity');
    assert.match(text, /<noscript>[^]*claimgate audit --follow[^]*scope <code>audit<\/code>[^]*<\/noscript>/);
  });

  /** Follows the trail like the page. */
  function following(t: TestContext, changes: Pick<FollowOptions, 'authorization'> & Partial<FollowOptions>) {
    const seen = {
      events: [] as AuditEvent[],
      states: [] as string[],
      begun: 0,
      sent: [] as string[],
      received: [] as string[],
    };
    const sockets: WebSocket[] = [];
    class Watched extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols);
        sockets.push(this);
        const send = this.send.bind(this);
        Object.assign(this, {
          send(text: string) {
            seen.sent.push(text);
            send(text);
          },
        });
        this.on('message', (message: Buffer) => seen.received.push(message.toString()));
      }
    }
    const stop = follow({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      document: addedDocument(identityNames(''), false),
      onToken: () => () => {},
      onEvent: (event) => seen.events.push(event),
      onBegin: () => {
        seen.begun += 1;
      },
      onState: ({ is }) => seen.states.push(is),
      webSocketImpl: Watched,
      delayMs: () => 10,
      ...changes,
    });
    t.after(stop);
    return { seen, sockets, stop };
  }

  it('follows the events, and connects again after the socket breaks', async (t) => {
    const { accessToken } = await signInFor(server.url, { scope: 'audit' });
    const { seen, sockets } = following(t, { authorization: async () => `Bearer ${accessToken}` });
    await until(() => seen.begun === 1, 10_000);
    sockets[0]?.terminate();
    await until(() => seen.begun === 2, 10_000);
    assert.deepEqual(seen.states, ['connecting', 'live', 'waiting', 'connecting', 'live']);
    await until(async () => {
      // The subscription may begin after the socket is open.
      await signInFor(server.url);
      return seen.events.some(({ type }) => type === 'SIGN_IN');
    }, 15_000);
    const [event] = seen.events;
    assert.deepEqual(Object.keys(event ?? {}).toSorted(), [
      'at',
      'clientId',
      'coordinate',
      'count',
      'detail',
      'id',
      'outcome',
      'rule',
      'type',
    ]);
  });

  it('sends a renewed token over the open socket', async (t) => {
    const signedIn = await signInFor(server.url, { scope: 'audit' });
    let token = signedIn.accessToken;
    let renewed = (): void => {};
    const { seen, sockets } = following(t, {
      authorization: async () => `Bearer ${token}`,
      onToken(listener) {
        renewed = listener;
        return () => {};
      },
    });
    await until(() => seen.begun === 1, 10_000);
    const sent = () => seen.sent.filter((text) => text.includes('"ping"') && text.includes('Bearer '));
    renewed();
    assert.deepEqual(sent(), [], 'the token is the same');
    token = String((await refresh(server.url, { refreshToken: signedIn.refreshToken }))['accessToken']);
    renewed();
    await until(() => seen.received.some((text) => text.includes('"pong"')), 10_000);
    assert.deepEqual(sent(), [JSON.stringify({ type: 'ping', payload: { authorization: `Bearer ${token}` } })]);
    assert.equal(sockets.length, 1);
  });

  it('ends without an unhandled rejection while its socket is opened', async (t) => {
    let rejections = 0;
    const count = () => void (rejections += 1);
    process.on('unhandledRejection', count);
    t.after(() => process.off('unhandledRejection', count));
    const { sockets, stop } = following(t, { authorization: async () => null });
    await until(() => sockets.length === 1, 10_000);
    stop();
    sockets[0]?.terminate();
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    assert.equal(rejections, 0);
  });

  it('says why it is refused, and tries again later and later', async (t) => {
    const account = await addPerson(server, 'bob@example.com');
    const { accessToken } = await signInFor(server.url, { scope: 'profile', account });
    const failures: number[] = [];
    const reasons: string[] = [];
    following(t, {
      authorization: async () => `Bearer ${accessToken}`,
      delayMs(number) {
        failures.push(number);
        return 10;
      },
      onState: (state) => state.is === 'waiting' && reasons.push(state.reason),
    });
    await until(() => failures.length >= 3, 10_000);
    assert.deepEqual(failures.slice(0, 3), [1, 2, 3]);
    assert.match(reasons[0] ?? '', /scope|not allowed|audit/i);
  });
});
