import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { query, signInFor } from '../../../support/client.ts';
import { startTestServer, type TestServer } from '../../../support/server.ts';
import { selections } from './sources.ts';

interface Run {
  readonly unhandled: number;
  readonly outcomes: readonly {
    readonly document: string;
    readonly data: unknown;
    readonly errors: readonly string[];
  }[];
}

/** Runs every document in a new process, in which Node.js has its default behaviour for unhandled rejections. */
async function run(way: 'bare' | 'direct' | 'apollo'): Promise<Run> {
  const program = new URL('program.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', program, way], {
    maxBuffer: 2 ** 26,
    env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'production' },
  });
  return JSON.parse(stdout);
}

describe('E-2 an item that fails at once while another is pending', () => {
  it('E-2 ends no process that executes directly, and changes no result', async () => {
    const [bare, guarded] = await Promise.all([run('bare'), run('direct')]);
    assert.ok(bare.unhandled > 100, `${bare.unhandled}: these lists end a process that does without the kit`);
    assert.ok(guarded.outcomes.length > 500);
    for (const [index, outcome] of guarded.outcomes.entries()) {
      if (/owned|policed/.test(outcome.document)) continue; // The kit denies these documents.
      const expected = bare.outcomes[index];
      assert.deepEqual(outcome.data, expected?.data, outcome.document);
      // Items are completed after the iterator ends. Therefore a list that is null anyway reports fewer errors below
      // it.
      if (/iterator/.test(outcome.document)) continue;
      assert.deepEqual(outcome.errors, expected?.errors, outcome.document);
    }
  });

  it('E-2 ends no Apollo Server that uses the kit', async () => {
    const { outcomes } = await run('apollo');
    assert.ok(outcomes.length > 500);
  });
});

describe('E-2 the server', () => {
  let server: TestServer;
  before(async () => {
    const sources = new URL('sources.ts', import.meta.url).href;
    const config = `
      import { policies, resolvers, typeDefs } from '${sources}';
      export default { policies, modules: [{ name: 'lists', typeDefs: typeDefs.replaceAll('PUBLIC', '@public'), resolvers }] };`;
    server = await startTestServer({ config });
  });
  after(() => server.dispose());

  it('E-2 answers every document and stays up', async () => {
    const { accessToken } = await signInFor(server.url);
    const some = selections().filter((_, index) => index % 23 === 0);
    for (const selection of [...some, 'owned { n }', 'policed { n }']) {
      for (const kind of ['query', 'mutation']) {
        const { body } = await query(server.url, `${kind} { lists { ${selection} } }`, { token: accessToken });
        assert.ok(body.data !== undefined, JSON.stringify(body));
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal((await fetch(`${server.url}/health/live`)).status, 200);
  });
});
