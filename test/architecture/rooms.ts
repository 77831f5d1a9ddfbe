/**
 * The table of rooms: the imports that each part of `src/` may have, and the packages that it never loads. `check.ts`
 * checks the source against this table. `loads.test.ts` checks the modules that Node really loads.
 *
 * A room is a folder in `src/`, a file in `src/`, or both (`config.ts` and `config/`). A row may name a folder inside a
 * room (`testing/server`). The row with the longest matching name applies. A room may always import its own files, and
 * packages.
 */
export interface Room {
  /** The rooms, folders or files that it may import. `api/operation` is `api/operation/operation.ts` or the folder. */
  readonly imports: readonly string[];
  /** The rooms, folders or files from which it may import only types. */
  readonly types?: readonly string[];
  /** The packages that it never imports and never loads through a file that it imports. */
  readonly neverLoads?: readonly PackageGroup[];
  /** The packages that its own files never import, types included. A room that it imports may load them. */
  readonly neverImports?: readonly PackageGroup[];
}

export type PackageGroup = keyof typeof packages;

/** The groups of packages that rooms may exclude. A name with a slash at its end is an npm scope; `node:` is Node.js. */
export const packages = {
  Fastify: ['fastify', '@fastify/', '@as-integrations/'],
  'Apollo Server': ['@apollo/', '@as-integrations/'],
  GraphQL: ['graphql', 'graphql-ws', '@graphql-tools/'],
  Kysely: ['kysely'],
  'a database': ['node:sqlite', 'pg'],
  'oidc-provider': ['oidc-provider'],
  pino: ['pino'],
  'the bundle': ['esbuild', 'react', 'react-dom', 'graphiql', '@graphiql/', 'monaco-editor', 'monaco-graphql'],
  'Node.js': ['node:'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

const server: PackageGroup[] = ['Fastify', 'Kysely', 'a database', 'oidc-provider'];
const core: PackageGroup[] = [...server, 'Apollo Server'];
const identity: PackageGroup[] = ['Apollo Server', 'Fastify', 'GraphQL', 'oidc-provider'];

/** All rooms except the command line and the rooms for tests and tools. */
const belowServer =
  'errors principal protocol observe issuer token exchange auth request apollo store audit identity provider api http explorer config'.split(
    ' ',
  );

export const rooms: Readonly<Record<string, Room>> = {
  'error-kinds': { imports: [], neverLoads: [...core, 'GraphQL', 'pino'] },
  errors: { imports: ['error-kinds'], neverLoads: [...core, 'GraphQL', 'pino'] },
  principal: { imports: [], neverLoads: [...core, 'GraphQL', 'pino'] },
  protocol: { imports: ['errors'], neverLoads: [...core, 'pino'] },
  observe: { imports: ['errors', 'protocol'], neverLoads: core },
  issuer: { imports: ['errors', 'protocol'], neverLoads: [...core, 'pino'] },
  token: { imports: ['errors', 'principal', 'protocol', 'issuer'], neverLoads: [...core, 'pino'] },
  exchange: { imports: ['errors', 'principal', 'protocol', 'issuer'], neverLoads: [...core, 'pino'] },
  auth: { imports: ['errors', 'principal', 'protocol'], neverLoads: [...core, 'pino'] },
  request: { imports: ['errors', 'principal', 'protocol', 'issuer', 'token', 'auth'], neverLoads: [...core, 'pino'] },
  apollo: {
    imports: ['errors', 'principal', 'protocol', 'token', 'auth', 'request'],
    neverLoads: [...server, 'pino'],
  },
  store: {
    imports: ['errors', 'protocol'],
    types: ['token/ports', 'issuer/ports', 'exchange/ports'],
    neverLoads: identity,
  },
  audit: { imports: ['errors', 'principal', 'protocol', 'store'], neverLoads: identity },
  identity: { imports: ['errors', 'principal', 'protocol', 'store', 'audit'], neverLoads: identity },
  provider: {
    imports: ['errors', 'protocol', 'identity', 'audit', 'store'],
    neverLoads: ['Apollo Server', 'Fastify', 'GraphQL'],
  },
  api: {
    imports: ['errors', 'principal', 'protocol', 'observe', 'auth', 'request', 'exchange', 'identity', 'audit'],
    neverLoads: ['Apollo Server', 'Fastify', 'oidc-provider'],
    neverImports: ['Kysely', 'a database'],
  },
  http: {
    imports: ['errors', 'protocol', 'observe', 'request', 'apollo', 'api/operation'],
    neverLoads: ['Kysely', 'a database', 'oidc-provider'],
  },
  explorer: {
    imports: ['errors', 'protocol', 'api/operation', 'explorer/documents'],
    types: ['explorer/client/settings'],
    neverLoads: ['Kysely', 'a database', 'oidc-provider', 'the bundle'],
  },
  'explorer/documents': { imports: ['protocol/documents/prefixed-names'], neverLoads: [...core, 'GraphQL', 'Node.js'] },
  'explorer/client': { imports: ['explorer/documents'], types: ['api/generated'], neverLoads: ['Node.js'] },
  'explorer/bundle': { imports: [], types: ['explorer/assets'], neverLoads: core },
  testing: { imports: ['errors', 'principal', 'protocol', 'issuer', 'token', 'auth', 'tools'], neverLoads: core },
  'testing/server': { imports: ['errors', 'protocol', 'auth', 'identity', 'testing', 'config', 'server'] },
  tools: { imports: ['errors', 'principal', 'protocol', 'auth'], neverLoads: core },
  config: {
    imports: ['errors', 'protocol'],
    types: ['api', 'audit', 'auth', 'exchange', 'http', 'identity', 'issuer', 'observe', 'provider', 'store', 'token'],
    neverLoads: [...core, 'GraphQL', 'pino'],
  },
  server: { imports: belowServer },
  cli: {
    imports: [
      'errors',
      'protocol',
      'store',
      'auth',
      'audit',
      'identity',
      'api',
      'config',
      'server',
      'testing',
      'tools',
    ],
  },
  main: { imports: ['protocol', 'cli'] },
  index: {
    imports: ['errors', 'principal', 'token', 'issuer', 'auth', 'exchange', 'request'],
    neverLoads: [...core, 'pino'],
  },
  packages: { imports: ['explorer/bundle'], neverLoads: [...core, 'GraphQL', 'pino'] },
};

/** The largest number of files in a folder. */
export const mostFiles = 14;

/** The folders without this limit, because all their files are of one kind. */
export const unlimitedFolders: readonly string[] = ['src/provider/pages', 'src/store/migrations'];

/** The largest number of lines in a file. */
export const mostLines = 220;

/** Generated files. */
export const generatedFiles: readonly string[] = ['src/api/generated.ts'];
