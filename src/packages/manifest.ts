import { internalSubpath, type PackageSpec } from './packages.ts';

/** The folder of a package that has the emitted files. */
export const codeFolder = 'lib';

/** The part of the repository's `package.json` that the packages share. */
export interface Repository {
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * Makes the `package.json` of a package.
 *
 * @param imports - the packages that its files import. Each becomes a dependency, unless it is a peer
 * @throws Error if a file imports a package that is not among the dependencies of the repository
 */
export function manifestOf(spec: PackageSpec, repository: Repository, imports: ReadonlySet<string>): object {
  const { version, license } = repository;
  const { commands, entries, peers } = spec;
  const used = spec.uses.map(({ name }) => [name, version] as const);
  const others = [...imports]
    .filter((name) => !Object.hasOwn(peers, name) && !used.some(([one]) => one === name))
    .map((name) => [name, versionOf(name, spec, repository)] as const);
  const optional = Object.entries(peers).filter(([, peer]) => peer.optional === true);
  return {
    name: spec.name,
    version,
    description: spec.description,
    license,
    type: 'module',
    engines: { node: spec.node },
    ...(Object.keys(commands).length > 0 && { bin: mapped(commands, (file) => `${codeFolder}/${file}.js`) }),
    exports: {
      ...mapped(entries, (file) => ({ types: `./${codeFolder}/${file}.d.ts`, default: `./${codeFolder}/${file}.js` })),
      ...(spec.uses.length === 0 && { [`./${internalSubpath}/*`]: `./${codeFolder}/*` }),
      './package.json': './package.json',
    },
    dependencies: sorted([...used, ...others]),
    peerDependencies: sorted(Object.entries(peers).map(([name, { range }]) => [name, range] as const)),
    ...(optional.length > 0 && {
      peerDependenciesMeta: Object.fromEntries(optional.map(([name]) => [name, { optional: true }])),
    }),
  };
}

/** Whether a package is a dependency of the repository, and not only of its tests. */
export function isDependency(name: string, { dependencies }: Repository): boolean {
  return Object.hasOwn(dependencies, name);
}

function versionOf(name: string, spec: PackageSpec, { dependencies }: Repository): string {
  const version = dependencies[name];
  if (version !== undefined) return version;
  throw new Error(
    `${spec.name} imports ${name}, which package.json of the repository does not have in dependencies; add it there, or make it a peer in src/packages/packages.ts`,
  );
}

function mapped<Value>(record: Readonly<Record<string, string>>, map: (value: string) => Value): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

function sorted(entries: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
