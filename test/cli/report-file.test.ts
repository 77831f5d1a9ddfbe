import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { writeReportFile } from '../../src/cli/ask/report-file.ts';

it('leaves a file of another program that has the name of the unfinished report', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'claimgate-report-'));
  try {
    const file = join(folder, 'out.html');
    const other = `${file}.${process.pid}.new`;
    await writeFile(other, 'mine');
    await assert.rejects(writeReportFile('--html', file, 'report'), /expected a file that can be written; EEXIST/);
    assert.equal(await readFile(other, 'utf8'), 'mine');
    await rm(other);
    await writeReportFile('--html', file, 'report');
    assert.deepEqual(await readdir(folder), ['out.html']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
