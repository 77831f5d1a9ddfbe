import { allOf } from '../../auth/algebra/form.ts';
import type { Allowed } from '../diff/allow.ts';
import { accessOf } from '../diff/access/access.ts';
import { writeForm } from '../diff/form-text.ts';
import type { Coverage } from './coverage.ts';

/** A field of an object type that no rule of its own guards: public on purpose, or bare. */
export interface OpenField {
  readonly coordinate: string;
  readonly state: 'public' | 'bare';
  /** Who reads it, by the rules on all paths to it: `every caller`, scopes, or `no caller`. */
  readonly readBy: string;
}

/** The open fields that a file does not accept, and the entries that accept none. */
export interface JudgedFields {
  readonly refused: readonly OpenField[];
  /** One line for each entry that accepts no field. */
  readonly stale: readonly string[];
  /** The entries that accept every open field. */
  readonly toAllow: Readonly<Record<string, string>>;
}

/** Lists the open fields of a schema. A field is read by the callers who reach its type, and may supply its required arguments. */
function openFields({ source, types }: Coverage): readonly OpenField[] {
  const access = accessOf(source);
  return types.flatMap(({ name, kind, fields }) => {
    if (kind !== 'type') return [];
    return fields.flatMap(({ coordinate, state }): readonly OpenField[] => {
      if (state === 'guarded') return [];
      const form = access.fields.get(coordinate)?.form;
      const reach = access.reach(name);
      return [{ coordinate, state, readBy: writeForm(form ? allOf([reach, form]) : reach) }];
    });
  });
}

/** Compares the open fields with the accepted ones. An entry accepts a field only for exactly the callers that it names. */
export function judgeOpenFields(coverage: Coverage, allowed: Allowed): JudgedFields {
  const open = openFields(coverage);
  const readBy = new Map(open.map((field) => [field.coordinate, field.readBy]));
  const stale = [...allowed].flatMap(([coordinate, accepted]) => {
    const found = readBy.get(coordinate);
    if (found === accepted) return [];
    if (found === undefined) return [`${coordinate}: it is not public and not bare; remove the entry`];
    return [`${coordinate}: accepted for "${accepted}"; found "${found}", which is not accepted`];
  });
  return {
    refused: open.filter((field) => allowed.get(field.coordinate) !== field.readBy),
    stale,
    toAllow: Object.fromEntries(readBy),
  };
}

/** Writes why an open field is a finding, in one line. */
export function findingText({ coordinate, state, readBy }: OpenField): string {
  const entry = `${JSON.stringify(coordinate)}: ${JSON.stringify(readBy)}`;
  return `${coordinate} is ${state}, read by ${readBy}; guard it, or accept it with ${entry}`;
}
