import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startIssuer, getTokens } from '../support/issuer.ts';
import { freePort, type RunningProcess, root, run, until } from '../support/process.ts';

for (const program of ['kit.ts', 'kit-brief.ts']) {
  describe(`the kit on a plain Apollo Server, as documented in ${program}`, () => {
    let issuer: Awaited<ReturnType<typeof startIssuer>>;
    let server: RunningProcess;
    let url: string;

    before(async () => {
      issuer = await startIssuer({ audience: 'https://api.example.com/graphql', scope: 'secrets:read other' });
      const port = await freePort();
      url = `http://localhost:${port}/`;
      server = run([join(root, 'test/flows', program)], { env: { ISSUER: issuer.issuer, PORT: String(port) } });
      await until(() => isListening(url));
    });
    after(async () => {
      await server.stop();
      await issuer.stop();
    });

    async function ask(query: string, token?: string): Promise<{ status: number; body: unknown }> {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ query }),
      });
      return { status: response.status, body: await response.json() };
    }

    it('answers public fields without a token', async () => {
      assert.deepEqual(await ask('{ hello }'), { status: 200, body: { data: { hello: 'hello' } } });
    });

    it('answers guarded fields to a token of the issuer with the scope', async () => {
      const { access_token: token } = await getTokens(issuer, 'secrets:read');
      const body = { data: { secret: 'the cake is a lie' } };
      assert.deepEqual(await ask('{ secret }', token), { status: 200, body });
    });

    it('refuses every other caller', async () => {
      assert.equal((await ask('{ secret }')).status, 401);
      const { access_token: token } = await getTokens(issuer, 'other');
      assert.equal((await ask('{ secret }', token)).status, 403);
      assert.equal((await ask('{ hello }', 'not.a.token')).status, 401);
    });
  });
}

async function isListening(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

it('the program with local keys accepts a token of RFC 9068, and tells which typ it expected', async () => {
  const program = run(['--conditions=claimgate-source', join(root, 'test/flows/kit-local-keys.ts')]);
  assert.equal(await program.ended, 0, program.output());
  assert.match(program.output(), /^ada: orders:read$/m);
  assert.match(program.output(), /its type \(typ\) is not that of an access token; expected at\+jwt\./);
});
