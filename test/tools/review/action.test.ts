import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { program } from '../../support/program.ts';
import { temporaryFolder } from '../../support/process.ts';

/** Runs the steps of the action as they are written. Only the package manager and GitHub's part are stand-ins. */
function runAction(action: string, cwd: string, inputs: Readonly<Record<string, string>>) {
  const [, steps = ''] = action.split(/^ {2}steps:\n/m);
  const outcomes: string[] = [];
  for (const step of steps.split(/^ {4}- /m).filter(Boolean)) {
    const [, name = ''] = /^name: (.*)$/m.exec(step) ?? [];
    const [, condition = ''] = /^ {6}if: (.*)$/m.exec(step) ?? [];
    assert.match(condition, /^(?:always\(\) && inputs\.operations != '')?$/);
    if (condition !== '' && !inputs['operations']) continue;
    const variables = [...step.matchAll(/^ {8}(\w+): \$\{\{ inputs\.(\w+) \}\}$/gm)];
    const declared = /^ {2}(\w+):$/gm;
    const known = new Set([...(action.split(/^runs:/m)[0] ?? '').matchAll(declared)].map(([, one]) => one));
    for (const [, , input] of variables) assert.ok(known.has(input), input);
    const [, script = ''] = /^ {6}run: \|\n((?: {8}.*\n?)+)/m.exec(step) ?? [];
    assert.notEqual(script, '');
    const npx = `npx() { [ "$1 $2" = "--no-install claimgate" ] || return 9; shift 2; ${[process.execPath, ...program].map((word) => `'${word}'`).join(' ')} "$@"; }`;
    const { status, stderr } = spawnSync(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', `${npx}\n${script.replaceAll(/^ {8}/gm, '')}`],
      {
        cwd,
        encoding: 'utf8',
        env: {
          PATH: process.env['PATH'],
          GITHUB_STEP_SUMMARY: join(cwd, 'summary.md'),
          ...Object.fromEntries(variables.map(([, variable, input]) => [variable ?? '', inputs[input ?? ''] ?? ''])),
        },
      },
    );
    outcomes.push(`${name}: ${status}${stderr === '' ? '' : ` ${stderr.trim()}`}`);
  }
  return outcomes;
}

describe('the action of the guide that reviews rules', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let action: string;
  let clone: string;
  const sdl = (scope: string) => `type Query { orders: Int @auth(scope: ${scope}) }\n`;
  before(async () => {
    action = await readFile(join(import.meta.dirname, 'action.yml'), 'utf8');
    folder = await temporaryFolder();
    const origin = join(folder.path, 'origin');
    clone = join(folder.path, 'clone');
    await mkdir(origin);
    await writeFile(join(origin, 'schema.graphql'), sdl('"orders:read"'));
    const git = (cwd: string, ...args: readonly string[]) => {
      const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
      const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd, encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    };
    git(origin, 'init', '-q', '-b', 'main');
    git(origin, 'add', '.');
    git(origin, 'commit', '-q', '-m', 'one');
    git(origin, 'checkout', '-q', '-b', 'moved');
    git(origin, 'mv', 'schema.graphql', 'old.graphql');
    git(origin, 'commit', '-q', '-m', 'two');
    git(origin, 'checkout', '-q', '-b', 'none');
    git(origin, 'rm', '-q', 'old.graphql');
    await writeFile(join(origin, 'client.graphql'), 'query Mine { orders }');
    git(origin, 'add', '.');
    git(origin, 'commit', '-q', '-m', 'three');
    git(origin, 'checkout', '-q', 'main');
    git(folder.path, 'clone', '-q', origin, clone);
    await writeFile(join(clone, 'client.graphql'), 'query Mine { orders }');
    await writeFile(join(clone, 'allow.json'), '{ "Query.orders": "orders | orders:read" }');
  });
  after(() => folder.remove());
  const run = async (schema: string | null, more: Readonly<Record<string, string>> = {}) => {
    if (schema === null) await rm(join(clone, 'schema.graphql'));
    else await writeFile(join(clone, 'schema.graphql'), schema);
    await rm(join(clone, 'summary.md'), { force: true });
    const outcomes = runAction(action, clone, { schema: 'schema.graphql', base: 'main', ...more });
    return { outcomes, summary: await readFile(join(clone, 'summary.md'), 'utf8').catch(() => '') };
  };

  it('17.4-5 succeeds without a widening, and with a client that has what it needs', async () => {
    const { outcomes, summary } = await run(sdl('"orders:read"'), {
      operations: 'client.graphql',
      scopes: 'orders:read',
    });
    assert.deepEqual(outcomes, ['Compare who gets in: 0', 'Compare the scopes of the client: 0']);
    assert.match(summary, /The same callers get in\..*### What 1 operation needs/s);
  });

  it('17.4-5 fails for a widening, and succeeds if it is accepted', async () => {
    const wider = sdl('["orders:read", "orders"]');
    const refused = await run(wider, { operations: 'client.graphql', scopes: 'openid' });
    assert.deepEqual(refused.outcomes, [
      'Compare who gets in: 1 claimgate diff: 1 widening not accepted',
      'Compare the scopes of the client: 1 claimgate explain: client.graphql:1: the client lacks orders:read for Mine',
    ]);
    assert.match(refused.summary, /\| wider \| `Query\.orders` \|/);
    const accepted = await run(wider, { allow: 'allow.json' });
    assert.deepEqual(accepted.outcomes, ['Compare who gets in: 0']);
    assert.match(accepted.summary, /\| wider \(accepted\) \| `Query\.orders` \|/);
    const narrower = await run(sdl('"orders:read orders"'), {
      operations: 'client.graphql',
      scopes: 'orders:read orders',
    });
    assert.deepEqual(narrower.outcomes, ['Compare who gets in: 0', 'Compare the scopes of the client: 0']);
    assert.match(narrower.summary, /\n<\/details>\n\n### What 1 operation needs\n/);
    const broken = await run('type Query {\n  orders: Gone\n}');
    assert.deepEqual(broken.outcomes, [
      'Compare who gets in: 2 claimgate diff: schema.graphql:2: Unknown type "Gone".',
    ]);
  });

  it('17.4-5 says that a schema is new, and compares the scopes of the client', async () => {
    const base = 'none';
    const { outcomes, summary } = await run(sdl('"orders:read"'), {
      base,
      operations: 'client.graphql',
      scopes: 'openid',
    });
    assert.deepEqual(outcomes, [
      'Compare who gets in: 0',
      'Compare the scopes of the client: 1 claimgate explain: client.graphql:1: the client lacks orders:read for Mine',
    ]);
    assert.match(
      summary,
      /^The schema `schema\.graphql` is new: `none` has no SDL file with rules, so nothing was compared\.\n/,
    );
    const broken = await run('type Query {\n  orders: Gone\n}', { base });
    assert.deepEqual(
      [broken.outcomes, broken.summary],
      [['Compare who gets in: 2 claimgate coverage: schema.graphql:2: Unknown type "Gone".'], ''],
    );
    const absent = await run(null, { base });
    assert.match(absent.outcomes.join(), /^Compare who gets in: 2 .*this revision has no such file$/);
  });

  it('17.4-5 does not take a schema that was moved for a new one', async () => {
    const wider = sdl('["orders:read", "orders"]');
    const moved = await run(wider, { base: 'moved' });
    assert.match(moved.outcomes.join(), /^Compare who gets in: 2 .*this revision has no such file$/);
    const compared = await run(wider, { base: 'moved', before: 'old.graphql' });
    assert.deepEqual(compared.outcomes, ['Compare who gets in: 1 claimgate diff: 1 widening not accepted']);
    assert.match(compared.summary, /\| wider \| `Query\.orders` \|/);
    const gone = await run(wider, { base: 'none', before: 'old.graphql' });
    assert.match(gone.outcomes.join(), /^Compare who gets in: 2 .*old\.graphql.*this revision has no such file$/);
  });
});
