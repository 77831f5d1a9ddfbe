import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Room, rooms } from '../architecture/rooms.ts';
import { root } from '../support/process.ts';
import { listedIn } from './room-files.ts';

/** Returns the rows of the table of rooms: name, purpose, permitted imports, and what the room never loads. */
export function roomRows(): readonly (readonly string[])[] {
  const files = listedIn(readFileSync(`${root}src/README.md`, 'utf8'));
  return Object.entries(rooms).flatMap(([name, room]) => {
    const folder = existsSync(`${root}src/${name}/README.md`);
    if (!folder && !existsSync(`${root}src/${name}.ts`)) return [];
    const shown = folder ? `[\`${name}/\`](${name}/README.md)` : `[\`${name}.ts\`](${name}.ts)`;
    return [[shown, folder ? purpose(name) : (files.get(`${name}.ts`) ?? ''), importsOf(room), loadsOf(room)]];
  });
}

/**
 * States in sentences what a room may import.
 * @param folder - the room's folder, relative to the root of the repository
 * @throws Error if the folder is not a room
 */
export function importSentences(folder: string): string {
  const room = rooms[basename(folder)];
  if (room === undefined) throw new Error(`${folder} is not a room of test/architecture/rooms.ts`);
  const never = loadsOf(room);
  return wrapped(
    `This room may import ${importsOf(room)}, and packages.${never === '' ? '' : ` It never loads ${never}.`}`,
  );
}

/** Returns the first sentence of a room's README. */
function purpose(name: string): string {
  const [, text = ''] = /^# .+\n\n([^]+?)(?:\n\n|$)/.exec(readFileSync(`${root}src/${name}/README.md`, 'utf8')) ?? [];
  const [sentence = ''] = text.replaceAll('\n', ' ').split(/(?<=\.)\s/);
  return sentence;
}

function importsOf({ imports, types = [] }: Room): string {
  const existing = (names: readonly string[]) =>
    names.filter((name) => existsSync(`${root}src/${name}`) || existsSync(`${root}src/${name}.ts`));
  const values = existing(imports).map((name) => `\`${name}\``);
  const only = existing(types).map((name) => `\`${name}\``);
  return [
    values.length > 0 ? values.join(', ') : 'no other room',
    ...(only.length > 0 ? [`types of ${only.join(', ')}`] : []),
  ].join(', ');
}

function loadsOf({ neverLoads = [] }: Room): string {
  return neverLoads.join(', ');
}

/** Breaks a text into lines of at most 118 characters. */
function wrapped(text: string): string {
  return text.replaceAll(/(.{1,118})(?: |$)/g, '$1\n').trimEnd();
}
