import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { startTestIssuer, type StartedIssuer } from '../../src/testing.ts';
import { claimgate } from '../support/cli.ts';
import { query } from '../support/client.ts';
import { temporaryFolder, until } from '../support/process.ts';
import { startTestServer } from '../support/server.ts';

const typeDefs = 'type Query { secret: String @auth(scope: "secrets:read") }';
const module = `{ name: 'own', typeDefs: '${typeDefs}', resolvers: { Query: { secret: () => 'found' } } }`;

describe('a server that serves, and an issuer of claimgate/testing', () => {
  let issuer: StartedIssuer;
  before(async () => {
    issuer = await startTestIssuer();
  });
  after(() => issuer.close());

  for (const [mode, isAccepted] of [
    ['', false],
    ['production', false],
    ['development', true],
    ['test', true],
  ] as const) {
    it(`I-13 ${isAccepted ? 'accepts' : 'refuses'} its tokens with NODE_ENV=${mode}`, async () => {
      const server = await startTestServer({
        config: `export default { modules: [${module}], scopes: { 'secrets:read': { description: 'x' } } }`,
        env: {
          CLAIMGATE_ISSUER: issuer.issuer,
          CLAIMGATE_AUDIENCE: issuer.audience,
          ...(mode !== '' && { NODE_ENV: mode }),
        },
      });
      try {
        const ask = () => query(server.own, '{ secret }', { token: issuer.token({ scopes: 'secrets:read' }) });
        if (isAccepted) {
          await until(async () => (await ask()).status === 200);
          return;
        }
        const { status, body } = await ask();
        assert.deepEqual([status, body.errors?.[0]?.extensions['code']], [503, 'KEYS_UNAVAILABLE']);
        await until(() => server.output().includes('is an issuer of claimgate/testing, which makes tokens for any'));
      } finally {
        await server.dispose();
      }
    });
  }

  it('I-13 does not start with its keys in the configuration file, unless NODE_ENV is development or test', async () => {
    const folder = await temporaryFolder();
    try {
      const entry = {
        issuer: 'https://issuer.test',
        audiences: ['x'],
        algorithms: ['ES256'],
        keys: { jwks: issuer.jwks },
      };
      await writeFile(`${folder.path}/claimgate.config.mjs`, `export default { issuers: [${JSON.stringify(entry)}] }`);
      const refused = await claimgate(['check'], { cwd: folder.path });
      assert.equal(refused.code, 1, refused.out);
      assert.match(
        refused.err + refused.out,
        /issuer "https:\/\/issuer\.test": is an issuer of claimgate\/testing, which makes tokens .* NODE_ENV=development or/,
      );
      assert.equal((await claimgate(['check'], { cwd: folder.path, env: { NODE_ENV: 'test' } })).code, 0);
    } finally {
      await folder.remove();
    }
  });
});
