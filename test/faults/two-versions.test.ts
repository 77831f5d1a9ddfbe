import { it } from 'node:test';
import { beforeNewestMigration, runTwoVersions } from './two-versions.ts';

const commit = await beforeNewestMigration();

it('U-4 servers of the version before the last migration and of this version share one database', {
  skip: commit === null && 'the history of the repository is not here',
}, async (t) => {
  await runTwoVersions(commit ?? '', (step) => t.diagnostic(step));
});
