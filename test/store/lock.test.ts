import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isInCredentialEpoch } from '../../src/identity/sessions/credential-epoch.ts';
import { openDatabase } from '../../src/store/database.ts';
import { onEachDatabase } from '../support/databases.ts';

onEachDatabase((kind) => {
  it('F-3 the epoch of an account can only be compared in a transaction', async () => {
    const database = await kind.create();
    const store = await openDatabase(database.url);
    try {
      await assert.rejects(isInCredentialEpoch(store, 'an account', 1), /within a transaction only/);
    } finally {
      await store.destroy();
      await database.drop();
    }
  });
});
