import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openDatabase } from '../../../src/store/database.ts';
import { storedKeyCopies } from '../../../src/store/token/key-copies.ts';
import { onEachDatabase } from '../../support/databases.ts';

onEachDatabase((database) => {
  it('A-12 the latest keys of each issuer are stored for every process, and later ones replace earlier ones', async (t) => {
    const { url, drop } = await database.create();
    const [here, there] = [await openDatabase(url), await openDatabase(url)];
    t.after(async () => {
      await here.destroy();
      await there.destroy();
      await drop();
    });
    const [ours, theirs] = [storedKeyCopies(here), storedKeyCopies(there)];
    const copy = (kid: string, fetchedAt: number) => ({ keySet: { keys: [{ kty: 'EC', kid }] }, fetchedAt });
    const issuer = "https://issuer.example/'; drop table key_copies; --";
    assert.equal(await ours.load(issuer), null);
    await ours.save(issuer, copy('a', 2000));
    await ours.save('https://other.example', copy('b', 1000));
    assert.deepEqual(await theirs.load(issuer), copy('a', 2000));
    await theirs.save(issuer, copy('c', 3000));
    assert.deepEqual(await ours.load(issuer), copy('c', 3000));
    await ours.save(issuer, copy('late', 2500));
    assert.deepEqual(await ours.load(issuer), copy('c', 3000));
    assert.deepEqual(await ours.load('https://other.example'), copy('b', 1000));
  });
});
