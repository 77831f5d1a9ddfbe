import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sourceOfSdl } from '../../../../src/tools/source/sdl.ts';
import { dose } from '../../../support/dose.ts';
import { publicSchemas } from '../../../support/schemas/public.ts';
import { githubSamples } from './github.ts';
import { nauticalSamples } from './nautical.ts';
import { runSample } from './run.ts';
import { type Sample, waysOf } from './sample.ts';
import { shopifySamples } from './shopify.ts';

const all = { shopify: shopifySamples, nautical: nauticalSamples, github: githubSamples } as const;
const names = ['shopify', 'nautical', 'github'] as const;

for (const name of names.slice(0, dose('tools/attack/samples/samples.test.ts'))) {
  const samples: readonly Sample[] = all[name];
  describe(`an attack on 30 elements of the published schema ${name}, compared with what was found by hand`, () => {
    const source = sourceOfSdl(name, [{ name, text: publicSchemas[name]() }]);
    const coordinates = samples.map(({ coordinate }) => coordinate);
    const unreached = samples.filter(({ places }) => places.length === 0).map(({ coordinate }) => coordinate);

    it('finds no way in with the guard, and tries each place', async () => {
      assert.equal(samples.length, 30);
      const { report, places, requires } = await runSample(source, coordinates, true);
      assert.deepEqual(report.waysIn, []);
      assert.deepEqual(
        report.notTried.map(({ coordinate }) => coordinate),
        unreached,
      );
      for (const { coordinate, scopes, places: wanted } of samples) {
        const [first = '', ...others] = scopes.map((scope) => `\`${scope}\``);
        assert.equal(requires(coordinate), `the scope ${[first, ...others].join(' or ')}`, coordinate);
        const found = places.get(coordinate) ?? new Set();
        assert.deepEqual(
          wanted.filter((place) => !found.has(place)),
          [],
          coordinate,
        );
      }
    });

    it('finds each element in each way without the guard', async () => {
      const { report } = await runSample(source, coordinates, false);
      const mutations = new Set(Object.keys(source.schema.getMutationType()?.getFields() ?? {}));
      const hasDefer = Boolean(source.schema.getDirective('defer'));
      for (const sample of samples) {
        const ways = report.waysIn.filter(({ elements }) => elements.includes(sample.coordinate)).map(({ way }) => way);
        const missing = waysOf(sample, mutations, hasDefer).filter((way) => !ways.includes(way));
        assert.deepEqual(missing, [], sample.coordinate);
        if (sample.places.length === 0) assert.deepEqual(ways, []);
      }
    });
  });
}
