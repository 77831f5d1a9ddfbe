import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, it } from 'node:test';
import { temporaryFolder } from '../../support/process.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { assertUntold } from '../../support/tokens.ts';
import { nameOf } from './case.ts';
import { tokenCases } from './cases.ts';
import { type PublishedIssuer, publish } from './issuer.ts';
import { keySet, otherKeySet, otherSettings, type World } from './world.ts';

const audience = 'https://api.example/graphql';
const query = '{ __typename viewer { subject scopes } }';
/** The longest time that the server may take for one token, in milliseconds. */
const patience = 2000;

let own: PublishedIssuer;
let other: PublishedIssuer;
let server: TestServer;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
/** All tokens that were sent. */
const sent: string[] = [];

before(async () => {
  folder = await temporaryFolder();
  [own, other] = await Promise.all([publish(keySet), publish(otherKeySet)]);
  const entry = { issuer: other.issuer, audiences: [audience], ...otherSettings };
  const config = join(folder.path, 'claimgate.config.mjs');
  await writeFile(config, `export default { issuers: ${JSON.stringify([entry])} };`);
  const env = { CLAIMGATE_ISSUER: own.issuer, CLAIMGATE_AUDIENCE: audience, CLAIMGATE_CONFIG: config };
  server = await startTestServer({ env });
});
after(async () => {
  agent.destroy();
  await server.dispose();
  await Promise.all([own.stop(), other.stop(), folder.remove()]);
});

const present = (): World => ({
  issuer: own.issuer,
  other: other.issuer,
  audience,
  now: Math.floor(Date.now() / 1000),
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a token unchanged. `fetch` would trim it. */
async function send(token: string, over: Agent | false = agent): Promise<Answer> {
  const body = JSON.stringify({ query });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sending = request(
      `${server.url}/graphql`,
      { method: 'POST', agent: over, headers, timeout: patience },
      (response) => {
        const { statusCode: status, headers } = response;
        text(response).then((body) => resolve({ status, headers, body }), reject);
      },
    );
    sending.on('timeout', () => sending.destroy(new Error(`no answer in ${patience} ms`)));
    sending.on('error', reject).end(body);
  });
}

for (const tokenCase of tokenCases) {
  const { verdict, make } = tokenCase;
  if (verdict.is === 'accepted') {
    it(`${nameOf(tokenCase)}, over HTTP 200`, async () => {
      const { status, body } = await send(make(present()));
      const { data } = JSON.parse(body);
      assert.deepEqual(data?.viewer, { subject: verdict.subject, scopes: verdict.scopes }, body);
      assert.equal(status, 200);
    });
  } else if (verdict.answer?.code === null) {
    const { status } = verdict.answer;
    it(`${nameOf(tokenCase)}, over HTTP ${status}`, async () => {
      const token = make(present());
      sent.push(token);
      // Node.js closes the connection before it has read all headers. The client may see the close before the answer.
      const answer = await send(token, false).catch((error: NodeJS.ErrnoException) => error.code);
      if (typeof answer !== 'object') return assert.match(answer ?? '', /^(?:ECONNRESET|EPIPE)$/);
      assert.equal(answer.status, status);
      assertUntold(token, JSON.stringify(answer));
    });
  } else if (verdict.answer) {
    const { status, code } = verdict.answer;
    it(`${nameOf(tokenCase)}, over HTTP ${status}`, async () => {
      const token = make(present());
      sent.push(token);
      const answer = await send(token);
      assert.equal(answer.status, status, answer.body);
      assertUntold(token, JSON.stringify(answer));
      const { data, errors } = JSON.parse(answer.body);
      assert.equal(data, undefined);
      assert.deepEqual(
        errors.map(({ extensions }: { extensions: { code: string } }) => extensions.code),
        [code],
      );
      if (code === verdict.code) assert.match(errors[0].message, verdict.reason);
      assert.match(
        answer.headers['www-authenticate'] ?? '',
        new RegExp(`^Bearer realm="[^"]+", resource_metadata="[^"]+", error="${code.toLowerCase()}"`),
      );
      assert.equal(answer.headers['cache-control'], 'no-store');
    });
  } else {
    it(`${nameOf(tokenCase)}: no HTTP header can contain it`, async () => {
      await assert.rejects(send(make(present())), { code: 'ERR_INVALID_CHAR' });
    });
  }
}

it('A-2 the log contains no part of any of these tokens', () => {
  const log = server.output();
  assert.match(log, /ready/);
  for (const token of sent) assertUntold(token, log);
});
