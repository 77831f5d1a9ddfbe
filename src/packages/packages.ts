/** One package that the build writes. */
export interface PackageSpec {
  readonly name: string;
  readonly description: string;
  /**
   * The folders at the top of `src/` and the files there (without `.ts`) whose emitted files the package has. A folder
   * inside a room (`testing/server`) may be in another package than the room.
   */
  readonly rooms: readonly string[];
  /** The public modules, by their subpaths: files of a room, without `.ts`. */
  readonly entries: Readonly<Record<string, string>>;
  /** The commands, by their names: files at the top of `src/`, without `.ts`. */
  readonly commands: Readonly<Record<string, string>>;
  /** The folders of the repository that are copied as they are. */
  readonly assets: readonly string[];
  /** The folder of its emitted files that gets the files for the browser. Default: it has none. */
  readonly browserFiles?: string;
  /** The guides in `src/` that the package has, by their paths. */
  readonly guides: readonly string[];
  /** The versions of Node.js on which it runs. */
  readonly node: string;
  /**
   * The packages of which the team's project must have one copy, and therefore chooses the version. All other packages
   * are dependencies in the exact version of the repository.
   */
  readonly peers: Readonly<Record<string, Peer>>;
  /** The packages of this list whose files it may import. It depends on exactly their version. */
  readonly uses: readonly PackageSpec[];
}

/** A package that the team's own project chooses. */
export interface Peer {
  readonly range: string;
  /** Whether the package works without it. Default: no. */
  readonly optional?: boolean;
}

/** Apollo Server 5 refuses graphql 17. */
const graphql: Peer = { range: '^16.11.0' };

/** The kit. */
export const kit: PackageSpec = {
  name: 'claimgate',
  description: 'Authorization for GraphQL servers: the schema itself says who may read what.',
  rooms: [
    'index',
    'apollo',
    'error-kinds',
    'errors',
    'principal',
    'protocol',
    'issuer',
    'token',
    'exchange',
    'auth',
    'request',
    'testing',
    'tools',
  ],
  entries: { '.': 'index', './apollo': 'apollo', './testing': 'testing' },
  commands: {},
  assets: [],
  guides: [
    'apollo/kit.md',
    'request/servers.md',
    'auth/directive.md',
    'auth/explain.md',
    'auth/existing-schema.md',
    'auth/migration.md',
    'auth/types.md',
    'api/modules.md',
    'token/issuers.md',
    'errors.md',
    'testing/testing.md',
    'tools/ask.md',
  ],
  // From 22.18, Node.js strips types. @graphql-tools 11 requires it too.
  node: '>=22.18.0',
  peers: { graphql, '@apollo/server': { range: '^5.0.0', optional: true } },
  uses: [],
};

/** The server. It imports the kit and never contains it, because principals are recognised by the module that made them. */
export const server: PackageSpec = {
  name: 'claimgate-server',
  description: 'A GraphQL API server in which the schema itself says who may read what.',
  rooms: [
    'main',
    'server',
    'config',
    'observe',
    'store',
    'audit',
    'identity',
    'provider',
    'api',
    'http',
    'explorer',
    'cli',
    'testing/server',
    'tools/attack/endpoints/server',
  ],
  entries: { '.': 'server', './testing': 'testing/server' },
  commands: { claimgate: 'main' },
  assets: ['schema'],
  browserFiles: 'explorer/built',
  guides: [],
  // Up to 24.8, Node.js takes every request with an Upgrade header out of HTTP (`shouldUpgradeCallback`).
  node: '>=24.9.0',
  peers: { graphql },
  uses: [kit],
};

/** The packages, in the order in which they are built. */
export const packages: readonly PackageSpec[] = [kit, server];

/** The rooms that no package has: the build itself. */
export const unpackaged: readonly string[] = ['packages'];

/** The subpath of the kit that the server imports. It is not public: it may change in every version. */
export const internalSubpath = 'internal';

/**
 * Returns the package of a file.
 *
 * @param path - from `src/`, with or without ending
 */
export function packageOf(path: string): PackageSpec | undefined {
  const owners = packages.flatMap((spec) => spec.rooms.map((room) => ({ room, spec })));
  const [nearest] = owners.filter(({ room }) => isWithin(path, room)).toSorted((a, b) => b.room.length - a.room.length);
  return nearest?.spec;
}

function isWithin(path: string, room: string): boolean {
  return path === room || path.startsWith(`${room}/`) || path.startsWith(`${room}.`);
}
