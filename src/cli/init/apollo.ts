import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Misuse } from '../misuse.ts';
import { confirm } from '../terminal/confirm.ts';
import type { ProjectFile, ProjectSettings } from './files/manager.ts';

interface ApolloProject {
  readonly folder: string;
  /** The members of its `package.json`. */
  readonly present: Readonly<Record<string, unknown>>;
  readonly settings: ProjectSettings;
  /** Whether the change is allowed without a question. */
  readonly yes: boolean;
  readonly write: (files: readonly ProjectFile[]) => Promise<void>;
}

/** How Apollo's guides make a server from a schema in two parts. */
const construction =
  /^([^\S\n]*)((?:export )?const \w+ = )?new ApolloServer(<[^>\n]*>)?\(\{\s*typeDefs,\s*resolvers,?\s*\}\)/m;
/** How Apollo's guides start it. The second group is the name of the server. */
const standalone = /startStandaloneServer\((\w+)(?:,\s*\{)?/;

/**
 * Shows the lines that guard the schema of a server with Apollo Server, and adds them on a yes.
 *
 * @returns the exit code: 0 if the lines were added, 1 if the person must add them
 */
export async function addToApollo(project: ApolloProject): Promise<number> {
  const { folder, settings, present, yes, write } = project;
  const { issuer } = settings;
  if (issuer === null)
    throw new Misuse('the folder has a server with Apollo Server: expected --issuer, the URL whose tokens it accepts');
  const found = serverFile(folder);
  const text = found && editedServer(found.text, issuer);
  const manifest = JSON.stringify(
    { ...present, dependencies: { ...asRecord(present['dependencies']), claimgate: settings.packages['claimgate'] } },
    null,
    2,
  );
  if (!found || !text) {
    const where = found
      ? `${found.name} makes its server in another way`
      : 'no file makes a server with new ApolloServer';
    process.stdout.write(
      `${where}, so nothing was changed. Add these lines:\n\n${linesFor(issuer, portIn(found?.text ?? ''))}\n`,
    );
    return 1;
  }
  process.stdout.write(`${found.name} changes like this:\n\n${difference(found.text, text)}\n`);
  await confirm(`${found.name} and package.json are changed.`, yes);
  await write([
    [found.name, text],
    ['package.json', `${manifest}\n`],
  ]);
  process.stdout.write(
    `Next: check that url is the public URL of the API, ${settings.manager} install, and give each root field of the schema @auth or @public. The start names the fields that have neither.\n`,
  );
  return 0;
}

/** Finds the file that makes the server. */
function serverFile(folder: string): { readonly name: string; readonly text: string } | null {
  const names = globSync('**/*.{ts,mts,js,mjs}', {
    cwd: folder,
    exclude: (name) => /^(?:node_modules|dist|\..+)$/.test(name),
  });
  for (const name of names.toSorted()) {
    const text = readFileSync(join(folder, name), 'utf8');
    if (/new ApolloServer\b/.test(text)) return { name, text };
  }
  return null;
}

const imports = `import { createGuardedApi } from 'claimgate';
import { planPlugin } from 'claimgate/apollo';
`;

/** Returns the port that a server names in its source. Default: 4000, that of `startStandaloneServer`. */
function portIn(text: string): string {
  return /\bport:[^,}\n]*?\b(\d{2,5})\b/.exec(text)?.[1] ?? '4000';
}

function guardOf(issuer: string, port: string): string {
  return `const guarded = createGuardedApi({
  url: 'http://localhost:${port}/graphql', // the public URL of this API, and the audience of its tokens
  issuers: [{ issuer: '${issuer}', algorithms: ['RS256', 'ES256'] }], // the algorithms with which it signs
  modules: [{ name: 'api', typeDefs, resolvers }],
});
`;
}

const options = '{ schema: guarded.schema, plugins: [planPlugin(guarded, guarded.challenge)] }';
const context = 'context: async ({ req }) => guarded.context(req),';

/** Returns the text of a server with the lines; null if the server is made or started in another way. */
function editedServer(text: string, issuer: string): string | null {
  const started = standalone.exec(text);
  const made = construction.exec(text);
  if (!made || !started || /\bcontext\b/.test(text) || /\bguarded\b/.test(text)) return null;
  const last = [...text.matchAll(/^import [^;]*;[^\S\n]*\n/gm)].at(-1);
  if (!last) return null;
  const end = last.index + last[0].length;
  const [whole, indent = '', assigned = '', types = ''] = made;
  const [call = '', name = ''] = started;
  const starting = call.endsWith('{')
    ? `startStandaloneServer(${name}, { ${context}`
    : `startStandaloneServer(${name}, { ${context} }`;
  const body = text
    .slice(end)
    .replace(whole, () => `${guardOf(issuer, portIn(text))}${indent}${assigned}new ApolloServer${types}(${options})`)
    .replace(call, () => starting);
  return text.slice(0, end) + imports + body;
}

function linesFor(issuer: string, port: string): string {
  return `${imports}
${guardOf(issuer, port)}
const server = new ApolloServer(${options});
// In the options of the integration, such as startStandaloneServer or expressMiddleware:
${context}
`;
}

/** Shows the removed lines with `-` and the added lines with `+`. */
function difference(before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const removed = old.filter((line) => !now.includes(line)).map((line) => `- ${line}\n`);
  const added = now.filter((line) => !old.includes(line)).map((line) => `+ ${line}\n`);
  return [...removed, ...added].join('');
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
