import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { variables } from '../../../src/config/environment/variables.ts';
import { query, refresh, signInFor } from '../../support/client.ts';
import { onDatabase } from '../../support/databases.ts';
import { freePort, root, run, type RunningProcess, until } from '../../support/process.ts';
import { copyProductionLibraries } from '../../support/production-libraries.ts';
import { admin } from '../../support/server.ts';
import { openWorkshop, unpackOwn, type Workshop } from './project.ts';

const execute = promisify(execFile);
/** A parser of YAML 1.2. The code generator depends on it. */
const yaml: { parseAllDocuments: (text: string) => { toJS: () => any; errors: unknown[] }[] } = createRequire(
  join(root, 'node_modules/@graphql-codegen/cli/package.json'),
)('yaml');

/** A user ID without any files; `null` if the current user may not run a process as another user. */
const nobody = process.getuid?.() === 0 ? 65_534 : null;

onDatabase('PostgreSQL', (database) => {
  describe('the image and the deployment of a project, as far as they can be tested without an engine', () => {
    let workshop: Workshop;
    let project: string;
    let dockerfile: string;
    const parsed = async (name: string): Promise<any[]> =>
      yaml.parseAllDocuments(await readFile(join(project, name), 'utf8')).map((document) => {
        assert.deepEqual(document.errors, []);
        return document.toJS();
      });
    before(async () => {
      workshop = await openWorkshop();
      project = join(workshop.path, 'orders');
      await mkdir(project);
      const { code, output } = await workshop.init(project);
      assert.equal(code, 0, output);
      dockerfile = await readFile(join(project, 'Dockerfile'), 'utf8');
    });
    after(() => workshop.remove());

    it('I-5 the steps of the Dockerfile give two replicas that serve the modules of the project, with PostgreSQL', async () => {
      const ignored = await readFile(join(project, '.dockerignore'), 'utf8');
      const stages = dockerfile.split(/^FROM .*$/m);
      const copies = (stage = '') =>
        [...stage.matchAll(/^COPY (?!--from)(.+) (\S+)$/gm)].map(([, names = '', target = '']) => ({
          names: names.split(' '),
          target,
        }));
      const copied = stages.flatMap(copies).flatMap(({ names }) => names);
      for (const name of copied) {
        // The package manager makes the lock file when it installs.
        assert.ok(name === 'package-lock.json' || existsSync(join(project, name)), name);
        assert.ok(ignored.split('\n').includes(`!${name}`), name);
      }
      assert.match(stages[1] ?? '', /^RUN npm ci --omit=dev --ignore-scripts/m);

      const app = join(workshop.path, 'app');
      await mkdir(app);
      await copyProductionLibraries(app);
      await unpackOwn(project, join(app, 'node_modules'));
      for (const { names, target } of copies(stages[2]))
        for (const name of names)
          await cp(join(project, name), join(app, target === './' ? name : target), { recursive: true });
      const data = join(workshop.path, 'data');
      await mkdir(data);
      await chmod(workshop.path, 0o755);
      if (nobody !== null) await chown(data, nobody, nobody);
      // The other user may have no access to the project's folder, so it gets a copy of Node.js.
      const node = join(workshop.path, 'node');
      await cp(process.execPath, node);

      const [, set = ''] = /^ENV (.*)$/m.exec(stages[2] ?? '') ?? [];
      const ofImage = Object.fromEntries(set.split(' ').map((pair) => pair.split('=', 2)));
      const [, command = '[]'] = /^CMD (\[.*\])$/m.exec(stages[2] ?? '') ?? [];
      const [, ...args]: string[] = JSON.parse(command);
      const [deployment] = await parsed('deploy/kubernetes.yml');
      const [container] = deployment.spec.template.spec.containers;
      const { url: databaseUrl, drop } = await database.create();
      const servers: RunningProcess[] = [];
      const ports = [await freePort(), await freePort()];
      const url = `http://localhost:${ports[0]}`;
      const values: Record<string, string> = {
        CLAIMGATE_PUBLIC_URL: url,
        DATABASE_URL: databaseUrl,
        CLAIMGATE_KEY: Buffer.alloc(32, 1).toString('base64'),
        CLAIMGATE_ADMIN_PASSWORD: admin.password,
      };
      try {
        for (const port of ports) {
          const given = container.env.map(({ name }: { name: string }) => [name, values[name] ?? assert.fail(name)]);
          const server = run(args, {
            program: node,
            cwd: app,
            env: {
              ...ofImage,
              ...Object.fromEntries(given),
              PORT: String(port),
              HOST: '127.0.0.1',
              CLAIMGATE_ADMIN_EMAIL: admin.email,
            },
            ...(nobody !== null && { uid: nobody, gid: nobody }),
          });
          servers.push(server);
          for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
            await until(async () => {
              if (server.child.exitCode !== null) throw new Error(server.output());
              const answer = await fetch(`http://127.0.0.1:${port}${container[probe].httpGet.path}`).catch(() => null);
              return answer?.status === 200;
            });
          }
          const [, check = ''] = /^HEALTHCHECK .* CMD \["node", "-e", "(.*)"\]$/m.exec(dockerfile) ?? [];
          await execute(process.execPath, ['-e', check], { env: { PORT: String(port) } });
        }
        const { accessToken, refreshToken } = await signInFor(url, { scope: 'openid orders:read' });
        for (const port of ports) {
          const { body } = await query(`http://127.0.0.1:${port}`, '{ orders { item } }', { token: accessToken });
          assert.deepEqual(body.data?.orders.length, 2, JSON.stringify(body));
        }
        assert.ok((await refresh(`http://127.0.0.1:${ports[1]}`, { refreshToken }))['accessToken']);
      } finally {
        for (const server of servers) assert.equal(await server.stop(), 0, server.output());
        await drop();
      }
    });

    it('I-6 the examples name known variables, probes, secrets, and no service links', async () => {
      const [deployment, service, budget] = await parsed('deploy/kubernetes.yml');
      const { spec } = deployment.spec.template;
      assert.deepEqual([deployment.spec.replicas, spec.enableServiceLinks], [2, false]);
      assert.equal(deployment.spec.strategy.rollingUpdate.maxUnavailable, 0);
      assert.ok(spec.securityContext.runAsNonRoot && spec.containers[0].securityContext.readOnlyRootFilesystem);
      const labels = deployment.spec.template.metadata.labels;
      for (const selector of [
        deployment.spec.selector.matchLabels,
        service.spec.selector,
        budget.spec.selector.matchLabels,
      ])
        assert.deepEqual(selector, labels);
      const text = await readFile(join(project, 'deploy/kubernetes.yml'), 'utf8');
      for (const { name, valueFrom } of spec.containers[0].env) {
        assert.ok(Object.hasOwn(variables, name), name);
        // The comment at the top makes the secret with this key.
        if (valueFrom) assert.ok(text.includes(`--from-literal=${valueFrom.secretKeyRef.key}=`), name);
      }
      const [{ services }] = await parsed('deploy/compose.yml');
      assert.equal(services.api.deploy.replicas, 2);
      assert.equal(services.api.depends_on.database.condition, 'service_healthy');
      for (const [name, value] of Object.entries(services.api.environment)) {
        assert.ok(Object.hasOwn(variables, name), name);
        assert.match(String(value), /\$\{[A-Z_]+:\?/, 'the value comes from the environment, and must be set');
      }
      assert.equal(new Set([...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base)).size, 1);
      assert.match(dockerfile, /^USER 1000$/m);
    });
  });
});
