import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { StartError } from '../../src/errors.ts';
import { readServerConfig } from '../../src/server/configuration.ts';
import { checkConfiguration } from '../../src/server/start/check.ts';

describe('I17-6 a check of a faulty configuration file', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usable-'));
  });
  after(() => rm(folder, { recursive: true }));

  /** Returns all faults that one check reports. */
  async function faultsOf(file: object): Promise<readonly string[]> {
    const { config, faults } = await readServerConfig({}, folder, file);
    try {
      await checkConfiguration(config, faults);
      return [];
    } catch (error) {
      assert.ok(error instanceof StartError);
      return error.faults;
    }
  }
  const open = [{ name: 'shop', typeDefs: 'extend type Query { orders: Int }' }];
  const office = [{ name: 'shop', typeDefs: 'extend type Query { orders: Int @auth(policy: "office") }' }];

  it('I17-6 reports a wrong key together with faults of the logo, the contrast, the schema and the documents', async () => {
    const appearance = { logo: 'missing.png', accentColor: { light: '#ffee00', dark: '#8ab4ff' } };
    const faults = await faultsOf({ tea: 1, lifetimes: { coffee: 1 }, appearance, modules: open });
    assert.equal(faults.length, 5, faults.join('\n'));
    for (const [index, expected] of [
      /^config: tea: there is no such key/,
      /^config: lifetimes\.coffee/,
      /^appearance\.logo/,
      /^appearance\.accentColor\.light=#ffee00/,
      /^Query\.orders/,
    ].entries()) {
      assert.ok(
        faults.some((fault) => expected.test(fault)),
        `${index}: ${faults.join('\n')}`,
      );
    }
    await writeFile(join(folder, 'm.json'), '{"x":"{ nothing }"}');
    const documents = await faultsOf({ tea: 1, trustedDocuments: 'm.json' });
    assert.deepEqual(
      documents.map((fault) => fault.slice(0, 24)),
      ['config: tea: there is no', 'trustedDocuments: m.json'],
    );
  });

  it('I17-6 judges the other members of an appearance with a fault', async () => {
    const faults = await faultsOf({ appearance: { lgoo: 'x', logo: 'missing.png', productName: '' } });
    assert.deepEqual(
      faults.map((fault) => fault.replace(/^config: /, '').slice(0, 15)),
      ['appearance.lgoo', 'appearance.prod', 'appearance.logo'],
    );
  });

  it('I17-6 reports no fault that only follows from another one', async () => {
    for (const file of [
      { polices: { office: () => [true] } },
      { policies: { office: true } },
      { scope: { 'orders:read': { description: 'x' } }, policies: 'x' },
    ]) {
      const faults = await faultsOf({ ...file, modules: office, trustedDocuments: 'gone.json' });
      assert.equal(faults.length, Object.keys(file).length, faults.join('\n'));
    }
  });
});
