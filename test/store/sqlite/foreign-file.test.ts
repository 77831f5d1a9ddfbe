import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { databaseFault, openDatabase } from '../../../src/store/database.ts';
import { temporaryFolder } from '../../support/process.ts';

const owner = 1_000;
const another = 123_456;
const isRoot = process.getuid?.() === 0;

/** Creates a database as one user. Another user of the same group opens it. */
async function madeByOwner(t: TestContext, mode: number): Promise<{ readonly path: string; readonly url: string }> {
  const folder = await temporaryFolder();
  t.after(folder.remove);
  chmodSync(folder.path, 0o755);
  const data = join(folder.path, 'data');
  mkdirSync(data);
  chownSync(data, owner, 0);
  chmodSync(data, 0o770);
  const path = join(data, 'claimgate.db');
  const url = `file:${path}`;
  await (await openDatabase(url)).destroy();
  chownSync(path, owner, 0);
  chmodSync(path, mode);
  return { path, url };
}

/** Runs the work as another user of the root group. */
async function asAnother<Result>(work: () => Promise<Result>): Promise<Result> {
  process.seteuid?.(another);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe('a database file of another user, in a container whose user changes', {
  skip: isRoot ? false : 'only root can become another user',
}, () => {
  it('is used by its group if others have no rights', async (t) => {
    const { path, url } = await madeByOwner(t, 0o660);
    await asAnother(async () => {
      assert.equal(await databaseFault(url), null);
      const store = await openDatabase(url);
      await store.insertInto('server_secrets').values({ name: 'a', value: 'b' }).execute();
      await store.destroy();
    });
    assert.equal(statSync(path).mode & 0o777, 0o660);
  });

  it('is refused with advice if others may read its signing keys', async (t) => {
    const { url } = await madeByOwner(t, 0o664);
    await asAnother(async () => {
      assert.match((await databaseFault(url)) ?? '', /others may use .*claimgate\.db, .*: run `chmod o=` as its owner/);
      await assert.rejects(openDatabase(url), /others may use/);
    });
  });

  it('is made private if it belongs to the user', async (t) => {
    const { path, url } = await madeByOwner(t, 0o664);
    chownSync(path, another, 0);
    await asAnother(async () => (await openDatabase(url)).destroy());
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });
});
