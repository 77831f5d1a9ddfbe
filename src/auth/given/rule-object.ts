import { type ConstDirectiveNode, type ConstObjectFieldNode, type ConstValueNode, Kind, type NameNode } from 'graphql';
import { nearestHint } from '../../protocol/nearest.ts';
import { isRecord } from '../../protocol/record.ts';
import { shown } from '../../protocol/shown.ts';
import { ruleArguments } from '../directive.ts';

/** Reports a fault of an extension. */
export type Report = (message: string) => void;

/** How deep the values of a rule may be nested. Valid rules are less deep. */
const maxDepth = 8;

/**
 * Converts a rule that is an object, such as `{ scope: ['a b'] }`, to the equal directive. The code for directives then
 * reads it. Therefore both forms of a rule have the same meaning.
 *
 * @param directive - the name of `@auth` in the schema
 * @param rules - a rule, or a list of rules that must all hold
 * @param where - the place of the rules, for messages
 */
export function directivesOf(
  directive: string,
  rules: unknown,
  where: string,
  report: Report,
): readonly ConstDirectiveNode[] {
  const isList = Array.isArray(rules);
  const all: readonly unknown[] = isList ? Array.from(rules) : [rules]; // A hole becomes undefined and is reported.
  if (all.length === 0) report(`${where} is an empty list, which names no rule; ${expected}`);
  return all.flatMap((rule, index) => {
    const place = isList ? `${where}[${index}]` : where;
    if (!isPlainObject(rule)) {
      report(`${place} is ${kindOf(rule)}; ${expected}`);
      return [];
    }
    const members = membersOf(rule, place, report, 1).filter(({ name: { value } }) => {
      if (ruleArguments.some((member) => member === value)) return true;
      report(
        `${place} has the member ${shown(value)}, which a rule does not have; expected ${ruleArguments.join(', ')}${nearestHint(value, ruleArguments)}`,
      );
      return false;
    });
    const nodes = members.map(({ name, value }) => ({
      kind: Kind.ARGUMENT as const,
      name,
      value: name.value === 'mode' ? toEnum(value) : value,
    }));
    return [{ kind: Kind.DIRECTIVE, name: nameOf(directive), arguments: nodes }];
  });
}

const expected = "expected a rule, such as { scope: ['orders:read'] }, or {} for any valid access token";

/**
 * Whether a value is a plain object. A plain object of another realm counts too. An object that inherits members of
 * another object does not count, because these members would not be read.
 */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isRecord(value)) return false;
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'hasOwnProperty');
}

function membersOf(
  value: Readonly<Record<string, unknown>>,
  where: string,
  report: Report,
  depth: number,
): readonly ConstObjectFieldNode[] {
  return Object.getOwnPropertyNames(value).flatMap((key) => {
    const place = `${where}.${shown(key)}`;
    const node = toValue(read(value, key, place, report), place, report, depth);
    return node ? [{ kind: Kind.OBJECT_FIELD, name: nameOf(key), value: node }] : [];
  });
}

/** Reads a member. It is read only one time, because a getter could return a different value the second time. */
function read(value: Readonly<Record<string, unknown>>, key: string, place: string, report: Report): unknown {
  try {
    return value[key];
  } catch {
    report(`${place} is a getter that throws; expected a value`);
    return null;
  }
}

/** @returns `null`: the value cannot be written in SDL, and a fault was reported */
function toValue(value: unknown, where: string, report: Report, depth: number): ConstValueNode | null {
  if (depth > maxDepth) {
    report(`${where} is nested deeper than a rule can be, or contains itself`);
    return null;
  }
  if (value === null) return { kind: Kind.NULL };
  if (typeof value === 'string') return { kind: Kind.STRING, value };
  if (typeof value === 'boolean') return { kind: Kind.BOOLEAN, value };
  if (typeof value === 'number') {
    return { kind: Number.isSafeInteger(value) ? Kind.INT : Kind.FLOAT, value: String(value) };
  }
  if (Array.isArray(value)) {
    const items: readonly unknown[] = Array.from(value); // A hole in the array becomes undefined and is reported.
    return {
      kind: Kind.LIST,
      values: items.flatMap((item, index) => toValue(item, `${where}[${index}]`, report, depth + 1) ?? []),
    };
  }
  if (isPlainObject(value)) return { kind: Kind.OBJECT, fields: membersOf(value, where, report, depth + 1) };
  const hint =
    value === undefined
      ? 'expected a value; to leave the member out, do not name it'
      : 'expected a value that SDL can write';
  report(`${where} is ${kindOf(value)}; ${hint}`);
  return null;
}

/** A mode is an enum value in SDL, but a string in an object. */
function toEnum(value: ConstValueNode): ConstValueNode {
  const isName = value.kind === Kind.STRING && /^[_A-Za-z]\w*$/.test(value.value);
  return isName ? { kind: Kind.ENUM, value: value.value } : value;
}

function nameOf(value: string): NameNode {
  return { kind: Kind.NAME, value };
}

/** Names the kind of a value for a message. The text does not contain the value. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'object') return `of type ${typeof value}`;
  return isPlainObject(value) ? 'an object' : 'an instance of a class';
}
