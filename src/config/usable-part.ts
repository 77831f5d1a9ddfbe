import { isRecord } from '../protocol/record.ts';
import { nearest } from '../protocol/nearest.ts';
import type { Members, Setting } from '../protocol/options/object.ts';
import type { ConfigFile } from './file.ts';

/** The keys without which the schema of the modules cannot be judged. */
const ofSchema: readonly string[] = ['modules', 'directives', 'identityApi', 'scopes', 'policies'];

/**
 * Returns the part of a faulty configuration file that can be judged further, so that one check reports as many faults as
 * possible. A key with a fault is left out, and so is each key that cannot be judged without it. An unknown key may be
 * meant as the nearest known key.
 *
 * @param settings - the known keys of the file
 */
export function usablePart(file: Members, settings: Readonly<Record<string, Setting>>): ConfigFile {
  const known = Object.keys(settings);
  const hasFault = (key: string, value: unknown): boolean => {
    const setting = Object.hasOwn(settings, key) ? settings[key] : undefined;
    if (!setting) return true;
    return value !== undefined && !isEmpty(setting.check(value, key, file));
  };
  const faulty = Object.keys(file).filter((key) => hasFault(key, file[key]));
  const missing = new Set(faulty.map((key) => (known.includes(key) ? key : nearest(key, known))));
  if (ofSchema.some((key) => missing.has(key))) missing.add('modules');
  // The documents are checked against the schema, with the limits.
  if (missing.has('modules') || missing.has('limits')) missing.add('trustedDocuments');
  const part = Object.fromEntries(
    Object.entries(file).filter(([key]) => !faulty.includes(key) && !missing.has(key)),
  ) as ConfigFile; // Each of its keys has passed its check.
  const { appearance } = file;
  if (!faulty.includes('appearance') || !isRecord(appearance)) return part;
  const entries = Object.entries(appearance).filter(([key, value]) => !hasFault('appearance', { [key]: value }));
  return { ...part, appearance: Object.fromEntries(entries) };
}

function isEmpty(faults: Iterable<string>): boolean {
  for (const _fault of faults) return false;
  return true;
}
