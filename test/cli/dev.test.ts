import assert from 'node:assert/strict';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { claimgate } from '../support/cli.ts';
import { query, signInFor } from '../support/client.ts';
import { Person } from '../support/person.ts';
import { freePort, run, type RunningProcess, temporaryFolder, until } from '../support/process.ts';
import { program } from '../support/program.ts';
import { admin } from '../support/server.ts';

const config = `import { orders } from './modules/orders.mjs';
export default { modules: [orders] };
`;
const orders = `import { readFileSync } from 'node:fs';
export const orders = {
  name: 'orders',
  typeDefs: readFileSync(new URL('../schema/orders.graphql', import.meta.url), 'utf8'),
  resolvers: { Query: { answer: () => 1 } },
};
`;

describe('claimgate dev', () => {
  let folder: { path: string; remove: () => Promise<void> };
  let url: string;
  let running: RunningProcess;
  const write = (name: string, text: string) => writeFile(join(folder.path, name), text);
  const schemaWith = (fields: string) =>
    write('schema/orders.graphql', `extend type Query { answer: Int @public ${fields} }`);
  /** Waits for an answer to this query, and returns how long it took. */
  const answered = async (document: string, expected: unknown) => {
    const from = performance.now();
    await until(async () => {
      const { body } = await query(url, document).catch(() => ({ body: { data: undefined } }));
      return JSON.stringify(body.data) === JSON.stringify(expected);
    });
    return performance.now() - from;
  };
  const printed = (pattern: RegExp) => until(() => pattern.test(running.output()));

  before(async () => {
    folder = await temporaryFolder();
    await mkdir(join(folder.path, 'schema'));
    await mkdir(join(folder.path, 'modules'));
    await write('claimgate.config.mjs', config);
    await write('modules/orders.mjs', orders);
    await schemaWith('');
    const port = await freePort();
    url = `http://localhost:${port}`;
    running = run([...program, 'dev'], {
      cwd: folder.path,
      env: {
        PORT: String(port),
        LOG_LEVEL: 'warn',
        CLAIMGATE_ADMIN_EMAIL: admin.email,
        CLAIMGATE_ADMIN_PASSWORD: admin.password,
      },
    });
    await answered('{ answer }', { answer: 1 });
  });
  after(async () => {
    if (running.child.exitCode === null) await running.stop();
    await folder.remove();
  });

  it('answers by the saved files soon, and tokens and sign-ins stay valid', async (t) => {
    const person = new Person();
    const { accessToken } = await signInFor(url, { person });
    const durations: number[] = [];
    for (const turn of [1, 2, 3, 4, 5]) {
      if (turn % 2 === 1) {
        await schemaWith(`f${turn}: Int @public`);
        durations.push(await answered(`{ f${turn} }`, { [`f${turn}`]: null }));
      } else {
        // Editors write another file, and give it the name.
        await write('modules/new.mjs.tmp', orders.replace('=> 1', `=> ${turn}`));
        await rename(join(folder.path, 'modules/new.mjs.tmp'), join(folder.path, 'modules/orders.mjs'));
        durations.push(await answered('{ answer }', { answer: turn }));
      }
    }
    durations.sort((one, other) => one - other);
    t.diagnostic(`from save to answer: ${durations.map((duration) => `${Math.round(duration)} ms`).join(', ')}`);
    // The claim is 1.5 s on a machine that does nothing else.
    assert.ok((durations[2] ?? Infinity) < 6_000, String(durations));
    assert.equal((await query(url, '{ viewer { subject } }', { token: accessToken })).status, 200);
    const page = await person.follow(await person.get(`${url}/account`), url);
    assert.match(page.html, /\/sign-out"/);
  });

  it('prints a fault, keeps running, and serves again when it is mended', async () => {
    await write('claimgate.config.mjs', config.replace('modules:', 'modulez:'));
    await printed(/Claimgate cannot start:\n {2}- .*modulez: there is no such key.*the nearest is modules\n/);
    await printed(/claimgate dev: waiting for a change\n/);
    await write('claimgate.config.mjs', 'export default {');
    await printed(/Claimgate cannot start:\n {2}- .*claimgate\.config\.mjs(?!.*modulez)/);
    await write('claimgate.config.mjs', config);
    await answered('{ __typename }', { __typename: 'Query' });
    await write(
      'modules/orders.mjs',
      orders.replace('() => 1', '() => setTimeout(() => { throw new Error("late"); })'),
    );
    await until(async () => {
      await query(url, '{ answer }').catch(() => null);
      return /the server ended with 1; waiting for a change/.test(running.output());
    });
    await write('modules/orders.mjs', orders);
    await answered('{ answer }', { answer: 1 });
    // New folders are watched too.
    await mkdir(join(folder.path, 'later'));
    await write('later/more.mjs', 'export {};');
    await printed(/later\/more\.mjs has changed/);
    await answered('{ answer }', { answer: 1 });
  });

  it('ends all processes, with exit code 0 by a signal, and also if it is killed', async () => {
    assert.equal(await running.stop('SIGINT'), 0, running.output());
    await assert.rejects(fetch(url));
    const mine = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('claimgate-dev-'));
    const present = new Set(await mine());
    const second = run([...program, 'dev', '--throwaway'], {
      cwd: folder.path,
      env: { PORT: new URL(url).port, LOG_LEVEL: 'warn', CLAIMGATE_ADMIN_PASSWORD: admin.password },
    });
    await answered('{ answer }', { answer: 1 });
    assert.equal((await mine()).filter((name) => !present.has(name)).length, 1);
    assert.equal(await second.stop(), 0, second.output());
    assert.equal((await mine()).filter((name) => !present.has(name)).length, 0);
    const third = run([...program, 'dev'], { cwd: folder.path, env: { PORT: new URL(url).port, LOG_LEVEL: 'warn' } });
    await answered('{ answer }', { answer: 1 });
    await third.stop('SIGKILL');
    await until(async () => !(await fetch(url).catch(() => null)));
  });

  it('a wrong flag or folder is named in one line, with exit code 2', async () => {
    const wrong = await claimgate(['dev', '--throwawy'], { cwd: folder.path });
    assert.deepEqual([wrong.code, wrong.out], [2, '']);
    assert.match(
      wrong.err,
      /^claimgate: Unknown option '--throwawy'.*the nearest is --throwaway; see claimgate help\n$/s,
    );
    const missing = await claimgate(['dev', '--watch', 'nowhere'], { cwd: folder.path });
    assert.deepEqual([missing.code, missing.out], [2, '']);
    assert.match(missing.err, /^claimgate dev: --watch .*nowhere: expected a folder\n$/);
    const waiting = await claimgate(['dev', '--standby', '--watch', 'nowhere'], { cwd: folder.path });
    assert.equal(waiting.code, 2);
  });
});
