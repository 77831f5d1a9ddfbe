import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkConnections } from '../../../src/config/objects/connections.ts';
import { idTokenAlgorithms } from '../../../src/exchange/connections/id-token.ts';
import { asymmetricAlgorithms, keyTypeOf } from '../../../src/protocol/keys/algorithms.ts';
import { settingFaults } from '../../../src/token/dpop/settings.ts';

const entry = {
  name: 'a',
  issuer: 'https://b.example',
  clientId: 'c',
  clientSecret: 'd',
  redirectUris: ['https://e/'],
};

describe('the asymmetric algorithms', () => {
  it('are the same for access tokens, ID tokens, connections and proofs', () => {
    assert.deepEqual(idTokenAlgorithms, asymmetricAlgorithms);
    for (const name of asymmetricAlgorithms) {
      assert.deepEqual(settingFaults({ algorithms: [name] }), []);
      assert.deepEqual([...checkConnections([{ ...entry, idTokenAlgorithms: [name] }], 'connections', {})], []);
    }
  });

  it('do not include a symmetric algorithm or `none`', () => {
    for (const name of ['HS256', 'none', 'None', 'rs256', 'RS1', 'ES256K', '']) {
      assert.equal(keyTypeOf(name), undefined);
      assert.equal(settingFaults({ algorithms: [name] }).length, 1);
      assert.equal([...checkConnections([{ ...entry, idTokenAlgorithms: [name] }], 'connections', {})].length, 1);
    }
  });
});
