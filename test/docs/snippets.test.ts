import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { getVariableValues, type OperationDefinitionNode, parse, validate } from 'graphql';
import { scripts as scriptsOfProject } from '../../src/cli/init/files/manifest.ts';
import { optionNamesOf } from '../../src/cli/usage.ts';
import { readServerConfig } from '../../src/server/configuration.ts';
import { root, temporaryFolder } from '../support/process.ts';
import { commandsOf, type Snippet, snippets } from './snippets.ts';

const all = snippets();
const place = ({ path, line }: Snippet) => `${path}:${line}`;
const schema = makeExecutableSchema({
  typeDefs: readdirSync(join(root, 'schema')).map((name) => readFileSync(join(root, 'schema', name), 'utf8')),
});
const { scripts: ownScripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
/** The scripts of this repository, and of a project that `claimgate init` has made. */
const scripts = { ...scriptsOfProject, ...ownScripts };

// The configuration example with a connection reads this variable.
process.env['STAFF_CLIENT_SECRET'] = 'a secret';

describe('the code blocks of the documentation', () => {
  for (const snippet of all.filter(
    ({ text, language }) => /^[tj]s$/.test(language) && text.includes('export default'),
  )) {
    it(`${place(snippet)} is a configuration file without faults`, async () => {
      const folder = await temporaryFolder();
      const server = pathToFileURL(join(root, 'src/server.ts')).href;
      await writeFile(join(folder.path, 'claimgate.config.ts'), snippet.text.replace('claimgate-server', server));
      const { faults } = await readServerConfig({}, folder.path);
      await folder.remove();
      assert.deepEqual(faults, []);
    });
  }

  for (const snippet of all.filter(({ language }) => language === 'js')) {
    it(`${place(snippet)} is JavaScript`, () => {
      const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--check'], {
        input: snippet.text,
      });
      assert.equal(status, 0, String(stderr));
    });
  }

  for (const snippet of all.filter(({ language }) => language === 'graphql')) {
    it(`${place(snippet)} is GraphQL`, () => assert.ok(parse(snippet.text)));
  }

  for (const snippet of all) {
    for (const { query, variables } of operationsOf(snippet)) {
      it(`${place(snippet)} is valid for the schema: ${query.slice(0, 60)}`, () => {
        const document = parse(query);
        assert.deepEqual(validate(schema, document), []);
        const [operation] = document.definitions as readonly OperationDefinitionNode[];
        const { errors } = getVariableValues(schema, operation?.variableDefinitions ?? [], variables);
        assert.equal(errors, undefined);
      });
    }
  }

  for (const snippet of all.filter(({ language }) => language === 'sh')) {
    for (const command of commandsOf(snippet)) {
      it(`${place(snippet)} names a command that exists: ${command.slice(0, 60)}`, () =>
        assert.equal(faultOf(command), null));
    }
  }
});

/**
 * Returns the GraphQL requests in a code block: the block itself if it is an operation, and the bodies that curl sends.
 */
function operationsOf({ language, text }: Snippet): readonly { query: string; variables: Record<string, unknown> }[] {
  if (language === 'graphql') return /^(query|mutation|\{)/.test(text) ? [{ query: text, variables: {} }] : [];
  if (language !== 'sh') return [];
  return [...text.matchAll(/-d '(\{[^']*\})'/g)]
    .map(([, body = '']) => JSON.parse(body) as { query?: string; variables?: Record<string, unknown> })
    .flatMap(({ query, variables = {} }) => (query === undefined ? [] : [{ query, variables }]));
}

/** Returns why a command cannot run; `null` if no reason is known. */
function faultOf(command: string): string | null {
  // A command whose output a variable gets.
  const [, inner] = /^\w+=\$\((.*)\)$/.exec(command) ?? [];
  if (inner !== undefined) return faultOf(inner);
  const words = command.replace(/^(?:\w+=(?:'[^']*'|"[^"]*"|\S+) )+/, '').split(' ');
  const [program = '', ...args] = words[0] === 'npx' ? words.slice(1) : words;
  if (program === 'npm' && args[0] === 'run') {
    const [script = '', ...rest] = args.slice(1).filter((word) => word !== '-s');
    if (!Object.hasOwn(scripts, script)) return `there is no script ${script}`;
    return script === 'claimgate' ? faultOf(`claimgate ${rest.slice(1).join(' ')}`) : null;
  }
  if (program === 'node' || program.endsWith('/node_modules/.bin/node')) {
    if (args[0]?.endsWith('/claimgate-server/lib/main.js')) return faultOf(['claimgate', ...args.slice(1)].join(' '));
    const file = args.find((word) => word.startsWith('test/'));
    return file === undefined || existsSync(join(root, file)) ? null : `there is no ${file}`;
  }
  if (program === 'claimgate') {
    const [name = ''] = args;
    const known = optionNamesOf(name);
    const unknown = args.filter((word) => word.startsWith('--') && !known.includes(word) && word !== '--json');
    return unknown.length > 0 || known.length === 0 ? `claimgate ${name} has no ${unknown.join(', ')}` : null;
  }
  return ['npm', 'curl', 'git', 'openssl', 'cd', 'umask', 'pg_dump', 'pg_restore'].includes(program)
    ? null
    : `${program} is not known here`;
}
