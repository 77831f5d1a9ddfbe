import { isRecord } from '../../protocol/record.ts';
import { shown } from '../../protocol/shown.ts';
import { isPlainObject, kindOf, type Report } from './rule-object.ts';

/** The `extensions` of an element. */
export type Extensions = Readonly<Record<PropertyKey, unknown>>;

/** One directive in `extensions.directives`. */
interface ListedDirective {
  readonly name: string;
  /** The place of the directive, for messages. */
  readonly where: string;
  /** The arguments as an object, or a list with the arguments of each repetition. */
  readonly value: unknown;
}

/**
 * Returns the arguments of a directive in `extensions.directives`, one item for each repetition. The forms are `{ auth:
 * { … } }` and `[{ name: 'auth', args: { … } }]`.
 */
export function argumentsListed({ directives }: Extensions, name: string): readonly unknown[] {
  if (Array.isArray(directives)) {
    return listedDirectives(directives)
      .filter((listed) => listed.name === name)
      .map(({ value }) => value);
  }
  if (!isRecord(directives) || !(name in directives)) return [];
  const found = directives[name];
  return Array.isArray(found) ? Array.from<unknown>(found) : [found]; // A hole becomes undefined and is reported.
}

/** Returns the directives in a value of `extensions.directives`. Entries that cannot be read are left out. */
export function listedDirectives(directives: unknown): readonly ListedDirective[] {
  if (Array.isArray(directives)) {
    const entries: readonly unknown[] = directives;
    return entries.flatMap((entry, index) => {
      const name = isRecord(entry) ? entry['name'] : undefined;
      if (!isRecord(entry) || typeof name !== 'string') return [];
      const { args = {} } = entry;
      return [{ name, where: `extensions.directives[${index}]`, value: args }];
    });
  }
  if (!isRecord(directives)) return [];
  return Object.keys(directives).map((name) => ({ name, where: 'extensions.directives', value: directives[name] }));
}

/** Reports each part of `extensions.directives` that cannot be read, because it may be a rule. */
export function reportUnreadable({ directives }: Extensions, own: ReadonlySet<string>, report: Report): void {
  if (directives === undefined || directives === null) return;
  if (!Array.isArray(directives)) {
    if (!isPlainObject(directives)) report(`extensions.directives is ${kindOf(directives)}; ${expected}`);
    return;
  }
  for (const [index, entry] of Array.from<unknown>(directives).entries()) {
    const where = `extensions.directives[${index}]`;
    if (!isRecord(entry) || typeof entry['name'] !== 'string') {
      report(`${where} is ${isRecord(entry) ? 'an object without a name' : kindOf(entry)}; ${expected}`);
    } else if (own.has(entry['name'])) {
      const other = Object.keys(entry).find((member) => member !== 'name' && member !== 'args');
      if (other !== undefined) report(`${where} has the member ${shown(other)}, which is not read; ${expected}`);
    }
  }
}

const expected = "expected { auth: { scope: ['a'] } } or [{ name: 'auth', args: { scope: ['a'] } }]";
