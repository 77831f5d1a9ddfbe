import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readServerConfig } from '../../../src/server/configuration.ts';
import type { IssuerEntry } from '../../../src/config/objects/issuers.ts';
import { foreignAuthority, foreignFaults } from '../../../src/server/foreign/foreign.ts';
import { createVerifier } from '../../../src/token/verify.ts';
import { temporaryFolder } from '../../support/process.ts';
import { assertRefused, bearing, now, sign } from '../../support/tokens.ts';
import { realIssuers } from './all.ts';
import type { RealIssuer } from './shape.ts';

type Published = RealIssuer['published'];

/** A `fetch` with only the published answers of one issuer. */
function internetOf(published: Published): { fetch: typeof fetch; asked: string[] } {
  const asked: string[] = [];
  const fetch = async (input: string | URL | Request) => {
    const url = input instanceof Request ? input.url : String(input);
    asked.push(url);
    const found = published[url];
    if (!found) return new Response('not found', { status: 404 });
    return new Response(JSON.stringify(found.body), { headers: { 'content-type': found.type ?? 'application/json' } });
  };
  return { fetch, asked };
}

/** Makes the verifier of a server whose configuration file has this entry. */
async function verifierFor(entry: IssuerEntry, published: Published) {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'claimgate.config.mjs');
  await writeFile(path, `export default ${JSON.stringify({ issuers: [entry] })}`);
  const { config, faults } = await readServerConfig({ CLAIMGATE_CONFIG: path }, folder.path);
  await folder.remove();
  assert.deepEqual([...faults, ...foreignFaults(config)], []);
  const { fetch, asked } = internetOf(published);
  const { issuers } = foreignAuthority(config, undefined, undefined, undefined, fetch);
  return { verifier: bearing(createVerifier({ issuers, clock: () => now * 1_000 })), asked };
}

for (const { name, entry, key, published, accepted, refused } of realIssuers) {
  describe(`G-21 ${name}`, () => {
    const signed = ({ header, payload }: { header: object; payload: object }) =>
      sign(key, { header: { typ: undefined, ...header }, payload: { ...payload } });
    for (const [what, example] of Object.entries(accepted)) {
      it(`accepts a token ${what}`, async () => {
        const { verifier, asked } = await verifierFor(entry, published);
        const { kind, clientId, scopes } = await verifier.verify(signed(example));
        assert.deepEqual(
          { kind, clientId, scopes: [...scopes] },
          {
            kind: example.kind,
            clientId: example.clientId,
            scopes: example.scopes,
          },
        );
        assert.deepEqual(asked, Object.keys(published));
      });
    }
    for (const [what, example] of Object.entries(refused)) {
      it(`refuses its ${what}`, async () => {
        const { verifier } = await verifierFor(entry, published);
        await assertRefused(verifier, signed(example), example.reason);
      });
    }
    it('needs at most three lines besides its name, its audience and its roles', () => {
      const { issuer: _issuer, audiences: _audiences, roles: _roles, ...lines } = entry;
      // The address of the keys may take one more line.
      const { metadata: _metadata, jwksUri: _jwksUri, ...rest } = lines;
      assert.ok(Object.keys(rest).length <= 3, Object.keys(rest).join());
    });
  });
}
