import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { dose } from '../support/dose.ts';
import { root, run, until } from '../support/process.ts';
import { installedPackages } from '../packages/project.ts';
import { ask, bearer, bodyOf, closeConnections } from './ask.ts';
import { addedLines, examples, exampleTests, mostLines, sample, subscriptionTests } from './examples.ts';
import { installProject, type PackedKit, packKit, type ServerProject, type Serving, startExample } from './install.ts';
import { startIssuer, type SwitchedIssuer } from './issuer.ts';
import { tableTests } from './tables.ts';

const isFull = dose('servers/servers.test.ts') > 1;
/** The oldest Node.js on which the kit runs. It is installed in the full dose only. */
const oldNode = `node-${process.platform}-${process.arch}`;
const chosen = Object.entries(examples).filter(([name]) => isFull || sample.includes(name));
const compiler = join(root, 'node_modules/typescript/bin/tsc');

describe('the examples of the guide to servers', () => {
  for (const [name, example] of Object.entries(examples)) {
    it(`${name}: at most ${mostLines} lines are not in its quick start`, () => {
      const count = addedLines(example);
      assert.ok(count > 4 && count <= mostLines, `${count} lines`);
    });
  }
});

describe('the servers, with the packed kit', () => {
  const ends: (() => unknown)[] = [closeConnections];
  const projects = new Map<string, ServerProject>();
  const serving = new Map<string, Serving>();
  let issuer: SwitchedIssuer;
  let kit: PackedKit;
  const projectOf = (name: string): ServerProject => {
    const project = projects.get(name);
    assert.ok(project);
    return project;
  };

  before(async () => {
    issuer = await startIssuer();
    ends.unshift(() => issuer.stop());
    kit = await packKit();
    ends.unshift(() => kit.remove());
    const names = [...new Set(chosen.map(([, { project }]) => project))];
    await Promise.all(
      names.map(async (name) => {
        const others = isFull && name === 'project' ? [`${oldNode}@22.18.0`, 'pnpm@10.20.0'] : [];
        const project = await installProject(name, kit, { others });
        ends.unshift(() => project.remove());
        projects.set(name, project);
      }),
    );
  });
  after(async () => {
    for (const end of ends) await end();
  });

  /** Starts the chosen examples. They answer when this function returns. */
  async function startExamples(node?: string): Promise<void> {
    await Promise.all(
      chosen.map(async ([name, { project, file }]) => {
        const program = project === 'nest' ? `${file}.js` : `${file}.ts`;
        const started = await startExample(projectOf(project), program, issuer.issuer, node);
        ends.unshift(() => started.process.stop());
        serving.set(name, started);
        const hello = () => ask(started.url, { query: '{ hello }' }).catch(() => null);
        await until(async () => (await hello())?.status === 200).catch(() => assert.fail(started.process.output()));
      }),
    );
  }
  const served = (name: string) => () => {
    const started = serving.get(name);
    assert.ok(started);
    return { url: started.url, token: issuer.token };
  };

  it('a project has one graphql, and one kit', async () => {
    for (const [name, { path }] of projects) {
      const names = await installedPackages(path);
      for (const one of ['graphql', 'claimgate']) assert.equal(names.filter((other) => other === one).length, 1, name);
    }
  });

  it('a server gives no answer in a schema that is not guarded', async () => {
    const started = run(['--disable-warning=ExperimentalWarning', 'unguarded.ts'], {
      cwd: projectOf('project').path,
    });
    assert.equal(await started.ended, 0, started.output());
    const results = Object.entries(JSON.parse(/^\{"apollo".*\}$/m.exec(started.output())?.[0] ?? '{}'));
    assert.equal(results.length, 6);
    for (const [name, result] of results) {
      const refused = /is not guarded|does not have the guard|INTERNAL_SERVER_ERROR.*INTERNAL_SERVER_ERROR|^500 $/;
      assert.match(String(result), refused, name);
      assert.doesNotMatch(String(result), /"data"/);
    }
  });

  // The compiler also writes the programs of NestJS, whose decorators Node.js does not run.
  it('the types of the examples have no fault', async () => {
    for (const [name, { path }] of projects) {
      const compiled = run([compiler, '-p', path]);
      assert.equal(await compiled.ended, 0, `${name}: ${compiled.output()}`);
    }
  });

  it('the examples start while their issuer is not available, and answer 503 with Retry-After', async () => {
    await startExamples();
    for (const [name] of chosen) {
      const { url, token } = served(name)();
      const answer = await ask(url, { query: '{ hello }', headers: bearer(token('profile')) });
      assert.equal(answer.status, 503, `${name}: ${answer.text}`);
      assert.equal(bodyOf(answer).errors?.[0]?.extensions?.['code'], 'KEYS_UNAVAILABLE');
      assert.match(answer.headers['retry-after'] ?? '', /^\d+$/);
    }
    issuer.open();
  });

  const needsNest = { skip: !isFull && 'TEST_DOSE=full installs NestJS' };
  it('NestJS keeps rules in @Directive, and does not start if it drops a rule in @Extensions', needsNest, async () => {
    const rulesOf = async (form: string): Promise<readonly string[]> => {
      const started = run(['rules.js', form], { cwd: projectOf('nest').path });
      assert.equal(await started.ended, 0, started.output());
      return JSON.parse(/^\[.*\]$/m.exec(started.output())?.[0] ?? '[]') as readonly string[];
    };
    assert.deepEqual((await rulesOf('directives')).toSorted(), [
      'Change.secret input',
      'Derived base',
      'Derived.based based',
      'Mutation.change change',
      'Named interface',
      'Order order',
      'Order.added added',
      'Order.customer customer',
      'Order.note note',
      'Query.orders orders',
      'Query.orders(includeDrafts:) drafts',
    ]);
    assert.deepEqual(
      (await rulesOf('extensions')).map((fault) => fault.replace(/: NestJS drops extensions\.auth of .*/, '')),
      [
        'the interface class Named',
        'the abstract class Base',
        'the class of arguments OrderArguments, field includeDrafts',
        'the method OrdersResolver.note',
      ],
    );
  });

  it('the examples answer once their issuer is available', async () => {
    for (const [name] of chosen) {
      const { url, token } = served(name)();
      const isUp = async () => (await ask(url, { query: '{ hello }', headers: bearer(token('a')) })).status === 200;
      await until(isUp);
    }
  });

  for (const [name] of chosen) exampleTests(name, served(name));
  subscriptionTests('GraphQL Yoga', served('GraphQL Yoga'));

  describe('on Node.js 22.18', { skip: !isFull && 'TEST_DOSE=full installs it' }, () => {
    before(() => startExamples(join(projectOf('project').path, 'node_modules', oldNode, 'bin/node')));
    for (const [name] of isFull ? chosen : []) exampleTests(`${name}, Node.js 22.18`, served(name));
  });

  tableTests({ project: () => projectOf('project'), isFull });

  // The last part, because it replaces the projects.
  describe('by pnpm', { skip: !isFull && 'TEST_DOSE=full installs it' }, () => {
    before(async () => {
      const pnpm = join(projectOf('project').path, 'node_modules/pnpm/bin/pnpm.cjs');
      for (const name of ['project', 'nest'] as const) {
        const project = await installProject(name, kit, { pnpm });
        ends.unshift(() => project.remove());
        projects.set(name, project);
        const compiled = run([compiler, '-p', project.path]);
        assert.equal(await compiled.ended, 0, `${name}: ${compiled.output()}`);
      }
      await startExamples();
    });
    for (const [name] of isFull ? chosen : []) exampleTests(`${name}, by pnpm`, served(name));
  });
});
