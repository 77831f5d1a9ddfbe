import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { copyBuiltPackages } from '../support/built-packages.ts';
import { freePort, root, run, temporaryFolder, until } from '../support/process.ts';
import { copyProductionLibraries } from '../support/production-libraries.ts';
import { admin } from '../support/server.ts';
import { signInFor } from '../support/client.ts';

const execute = promisify(execFile);
const dockerfile = await readFile(join(root, '.docker/Dockerfile'), 'utf8');
const ignored = await readFile(join(root, '.docker/Dockerfile.dockerignore'), 'utf8');

/** A user ID without any files; `null` if the current user may not run a process as another user. */
const nobody = process.getuid?.() === 0 ? 65_534 : null;

/** The program that the image starts, relative to the app's folder. */
const [, program = ''] = /^CMD \["node", "\/app\/([^"]+)", "start"\]$/m.exec(dockerfile) ?? [];

describe('the image, as far as it can be tested without a container engine', () => {
  it('copies only existing files that are not ignored, and runs as an unprivileged user', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    );
    assert.ok(copied.length >= 5, copied.join(' '));
    for (const name of copied) {
      assert.ok(existsSync(join(root, name)), name);
      const [top = ''] = name.split('/', 1);
      assert.match(ignored, new RegExp(`^!${top.replaceAll('.', '\\.')}$`, 'm'));
    }
    assert.match(dockerfile, /^USER node$/m);
    // The folder belongs to group 0, because OpenShift runs the image as a random user of this group.
    assert.match(dockerfile, /mkdir --mode=0770 \/data && chown node:root \/data$/m);
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base = '']) => base);
    assert.equal(new Set(bases).size, 1);
    assert.match(bases[0] ?? '', /^node:\d+\.\d+\.\d+-/);
  });

  it('starts with only the production libraries, as another user who can write only the data folder', async (t) => {
    const folder = await temporaryFolder();
    t.after(folder.remove);
    const app = join(folder.path, 'app');
    const data = join(folder.path, 'data');
    await mkdir(join(app, 'node_modules'), { recursive: true });
    await mkdir(data);
    await chmod(folder.path, 0o755);
    await copyBuiltPackages(join(app, 'dist'));
    await copyProductionLibraries(app);
    // The other user may have no access to the project's folder, so it gets a copy of Node.js.
    const node = join(folder.path, 'node');
    await cp(process.execPath, node);
    if (nobody !== null) await chown(data, nobody, nobody);

    const port = await freePort();
    const server = run([join(app, program), 'start'], {
      program: node,
      cwd: data,
      env: {
        NODE_ENV: 'production',
        PORT: String(port),
        DATABASE_URL: `file:${join(data, 'claimgate.db')}`,
        CLAIMGATE_ADMIN_EMAIL: admin.email,
        CLAIMGATE_ADMIN_PASSWORD: admin.password,
      },
      ...(nobody !== null && { uid: nobody, gid: nobody }),
    });
    t.after(() => server.stop());
    const url = `http://localhost:${port}`;
    await until(async () => (await fetch(`${url}/health/ready`).catch(() => null))?.status === 200, 20_000);
    const { accessToken } = await signInFor(url);
    assert.ok(accessToken);
    const [, check = ''] = /^HEALTHCHECK .* CMD \["node", "-e", "(.*)"\]$/m.exec(dockerfile) ?? [];
    await execute(process.execPath, ['-e', check], { env: { PORT: String(port) } });
    assert.equal(await server.stop(), 0, server.output());
    await assert.rejects(execute(process.execPath, ['-e', check], { env: { PORT: String(port) } }));
  });
});
