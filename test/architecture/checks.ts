import { dirname } from 'node:path';
import { packageOf } from '../../src/packages/packages.ts';
import { findCircles } from './circles.ts';
import {
  generatedFiles,
  mostFiles,
  mostLines,
  type PackageGroup,
  packages,
  type Room,
  unlimitedFolders,
} from './rooms.ts';
import type { Import, SourceFile } from './source.ts';

export interface House {
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly rooms: Readonly<Record<string, Room>>;
}

const table = 'test/architecture/rooms.ts';

/**
 * All checks. Each check returns its faults as lines with the place, what was found, the rule of the table, and advice.
 */
export const checks: readonly { readonly name: string; readonly check: (house: House) => readonly string[] }[] = [
  { name: 'every file is in a room', check: unknownRooms },
  { name: 'rooms import what the table allows', check: forbiddenImports },
  { name: 'rooms are free of packages', check: forbiddenPackages },
  { name: 'packages contain the rooms that they import', check: crossedPackages },
  { name: 'no circle between rooms', check: circlesOfRooms },
  { name: 'no circle between files, type imports included', check: circlesOfFiles },
  { name: 'folders are small', check: largeFolders },
  { name: 'files are short', check: longFiles },
];

/** Returns the room of a file in `src/`: the longest row name that is its path or a folder above it. */
function roomOf(path: string, rooms: House['rooms']): string | undefined {
  return Object.keys(rooms)
    .filter((name) => isWithin(path, name))
    .sort((a, b) => b.length - a.length)[0];
}

/** Whether a row of the table names this file or a folder above it. */
function isWithin(path: string, name: string): boolean {
  return path === `src/${name}.ts` || path.startsWith(`src/${name}/`);
}

function sourceOf({ files }: House): [string, SourceFile][] {
  return [...files].filter(([path]) => path.startsWith('src/'));
}

function unknownRooms(house: House): string[] {
  return sourceOf(house)
    .filter(([path]) => roomOf(path, house.rooms) === undefined)
    .map(([path]) => `${path}:1: this file is in no room. Move it into one, or give its room a row in ${table}.`);
}

function forbiddenImports(house: House): string[] {
  const { rooms } = house;
  const faults: string[] = [];
  for (const [path, { imports }] of sourceOf(house)) {
    const name = roomOf(path, rooms);
    const room = name === undefined ? undefined : rooms[name];
    if (name === undefined || !room) continue;
    for (const { line, to, typesOnly } of imports) {
      if (!to.startsWith('src/') || roomOf(to, rooms) === name) continue;
      if (room.imports.some((allowed) => isWithin(to, allowed))) continue;
      const typesAllowed = room.types?.some((allowed) => isWithin(to, allowed)) ?? false;
      if (typesAllowed && typesOnly) continue;
      const may = `${name} may import ${['packages', ...room.imports].join(', ')}`;
      const types = room.types ? `, and types (\`import type\`) of ${room.types.join(', ')}` : '';
      faults.push(
        typesAllowed
          ? `${path}:${line}: loads ${to}, of which ${name} may import types only. Write \`import type\`, or take the value as a parameter. The table is ${table}.`
          : `${path}:${line}: imports ${to}. ${may}${types}. Take it as a parameter, or move what both rooms need to a room that both may import. The table is ${table}.`,
      );
    }
  }
  return faults;
}

/** Returns the group to which an imported package belongs, if it is one of `groups`. */
function groupOf(to: string, groups: readonly PackageGroup[]): PackageGroup | undefined {
  return groups.find((group) => packages[group].some((name) => isOfPackage(to, name)));
}

/**
 * Whether a module specifier belongs to a package, to an npm scope (a name with a slash at its end), or to the modules
 * of Node.js (`node:`).
 */
export function isOfPackage(specifier: string, name: string): boolean {
  return /[/:]$/.test(name) ? specifier.startsWith(name) : specifier === name || specifier.startsWith(`${name}/`);
}

function forbiddenPackages(house: House): string[] {
  const faults: string[] = [];
  for (const [path, { imports }] of sourceOf(house)) {
    const name = roomOf(path, house.rooms);
    const { neverLoads = [], neverImports = [] } = (name !== undefined && house.rooms[name]) || {};
    const advice = `Take what is needed as a parameter. The table is ${table}.`;
    for (const { line, to, typesOnly } of imports) {
      const group = groupOf(to, [...neverLoads, ...neverImports]);
      if (group)
        faults.push(`${path}:${line}: imports ${to}. ${name} never imports ${group}, types included. ${advice}`);
      if (typesOnly || roomOf(to, house.rooms) === name) continue;
      for (const found of neverLoads) {
        const way = wayTo(house, to, found);
        if (way) faults.push(`${path}:${line}: loads ${way.join(' → ')}. ${name} never loads ${found}. ${advice}`);
      }
    }
  }
  return faults;
}

/**
 * Searches the imports that Node loads, breadth first. @returns the shortest way: the files from `start` on, then a
 * package of the group; null if there is none
 */
function wayTo({ files }: House, start: string, group: PackageGroup): string[] | null {
  const queue = [[start]];
  const seen = new Set([start]);
  for (const way of queue) {
    for (const { to, typesOnly } of files.get(way.at(-1) ?? '')?.imports ?? []) {
      if (typesOnly || seen.has(to)) continue;
      if (groupOf(to, [group])) return [...way, to];
      seen.add(to);
      queue.push([...way, to]);
    }
  }
  return null;
}

function crossedPackages(house: House): string[] {
  return sourceOf(house).flatMap(([path, { imports }]) => {
    const spec = packageOf(path.slice('src/'.length));
    if (!spec) return [];
    return imports.flatMap(({ line, to }) => {
      const owner = to.startsWith('src/') ? packageOf(to.slice('src/'.length)) : spec;
      if (owner === spec || (owner && spec.uses.includes(owner))) return [];
      return `${path}:${line}: imports ${to}, which is in ${owner ? `the package ${owner.name}` : 'no package'}; ${spec.name} may not. Take it as a parameter. The list is src/packages/packages.ts.`;
    });
  });
}

function circlesOfRooms(house: House): string[] {
  const graph = new Map<string, Set<string>>();
  for (const [path, { imports }] of sourceOf(house)) {
    const name = roomOf(path, house.rooms) ?? path;
    const to = graph.get(name) ?? new Set();
    graph.set(name, to);
    for (const { to: imported } of imports) {
      const room = roomOf(imported, house.rooms);
      if (room !== undefined && room !== name) to.add(room);
    }
  }
  return findCircles(graph).map(
    (circle) =>
      `${table}:1: the rooms ${closed(circle)} import each other. Imports go one way: let one of them take a parameter.`,
  );
}

function circlesOfFiles({ files }: House): string[] {
  const graph = new Map([...files].map(([path, { imports }]) => [path, new Set(imports.map(({ to }) => to))]));
  return findCircles(graph).map((circle) => {
    const [first = '', second = first] = circle;
    const line = files.get(first)?.imports.find(({ to }: Import) => to === second)?.line ?? 1;
    return `${first}:${line}: a circle of imports, ${closed(circle)}. Move what they share to a file that imports none of them, or pass it as a parameter.`;
  });
}

function closed(circle: readonly string[]): string {
  return [...circle, circle[0]].join(' → ');
}

function largeFolders(house: House): string[] {
  const sizes = new Map<string, number>();
  for (const [path] of sourceOf(house)) sizes.set(dirname(path), (sizes.get(dirname(path)) ?? 0) + 1);
  for (const folder of unlimitedFolders) sizes.delete(folder);
  return overLimit(
    sizes,
    mostFiles,
    `files in this folder; at most ${mostFiles} are allowed. Group some of them in a folder of their own`,
  );
}

function longFiles(house: House): string[] {
  const sizes = new Map(sourceOf(house).map(([path, { lines }]) => [path, lines]));
  for (const file of generatedFiles) sizes.delete(file);
  return overLimit(
    sizes,
    mostLines,
    `lines in this file; at most ${mostLines} are allowed. Move one of its ideas to a file of its own`,
  );
}

function overLimit(sizes: ReadonlyMap<string, number>, limit: number, says: string): string[] {
  return [...sizes]
    .filter(([, size]) => size > limit)
    .map(([path, size]) => `${path}:1: ${size} ${says}. The table is ${table}.`);
}
