import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { describe, it } from 'node:test';
import { program } from '../support/program.ts';
import { freePort, run, temporaryFolder, until } from '../support/process.ts';

const unshare = '/usr/bin/unshare';
/** Whether this user may create a PID namespace. There the program can be process 1, as in a container. */
const namespaces = spawnSync(unshare, ['--pid', '--fork', 'true']).status === 0;

/**
 * Starts on a database that accepts the connection and never answers.
 * @returns a function that ends the waiting process with a signal
 */
async function startWaiting(asFirstProcess: boolean) {
  const silent = createServer((socket) => socket.on('error', () => {}));
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const { port } = silent.address() as AddressInfo;
  const env = { DATABASE_URL: `postgres://u:p@127.0.0.1:${port}/x`, PORT: String(await freePort()) };
  const start = asFirstProcess
    ? run(['--pid', '--fork', process.execPath, ...program], { program: unshare, env })
    : run(program, { env });
  await once(silent, 'connection');
  const { pid = 0 } = start.child;
  return async (signal: 'SIGTERM' | 'SIGINT') => {
    const inner = asFirstProcess ? Number(await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')) : pid;
    process.kill(inner, signal);
    const end = await start.ended;
    silent.close();
    return end;
  };
}

describe('a server that a package manager runs', () => {
  it('I-11 stops when a package manager ends without passing a signal on', async () => {
    const folder = await temporaryFolder();
    const port = await freePort();
    const env = {
      PORT: String(port),
      npm_lifecycle_event: 'start',
      CLAIMGATE_ADMIN_PASSWORD: 'correct horse battery',
    };
    // Like pnpm, this parent starts the server, and SIGTERM ends it alone.
    const parent = run(
      [
        '--eval',
        `require('node:child_process').spawn(process.execPath, ${JSON.stringify(program)}, { stdio: 'inherit' }); setInterval(() => {}, 1_000);`,
      ],
      { env, cwd: folder.path },
    );
    const isReady = async () =>
      (await fetch(`http://localhost:${port}/health/ready`).catch(() => null))?.status === 200;
    try {
      await until(isReady, 30_000);
      parent.child.kill('SIGTERM');
      await until(async () => !(await isReady()), 15_000);
      assert.equal(await parent.ended, 'SIGTERM');
      // The server writes this after it no longer answers.
      await until(() => parent.output().includes('stopped'), 15_000);
    } finally {
      await folder.remove();
    }
  });
});

describe('a stop while the server is starting', () => {
  it('ends the start at once with the exit code of the signal', async () => {
    assert.equal(await (await startWaiting(false))('SIGTERM'), 143);
    assert.equal(await (await startWaiting(false))('SIGINT'), 130);
  });

  it('is not lost if the server is process 1 of a container', {
    skip: namespaces ? false : 'this user may make no namespace of processes',
  }, async () => {
    assert.equal(await (await startWaiting(true))('SIGTERM'), 143);
  });
});
