import type { RuleIds } from '../rules/rule.ts';
import { createInputCounter, inputTooDeep } from './limits.ts';

/** What was found in a value, once all of it was looked at. */
export interface Finding {
  /** The numbers of the rules. */
  readonly ids: RuleIds;
  /** How many objects are within one another. */
  readonly depth: number;
}

/** What of the values of a named input type can carry a rule. */
export interface Shape {
  /** The rules of the type: of each of its values, `null` included. */
  readonly itself: Finding;
  /** The rules of an enum's values, those of the enum included, by the values that resolvers see. */
  readonly values: ReadonlyMap<unknown, Finding>;
  /** Of an input object, the fields that can. */
  readonly fields: readonly Place[];
  /**
   * What was found in lists and objects, so that the value of a variable is looked into once, however many arguments it is
   * given to. The index is the number of lists that the type has around its name there. A finding is kept only when it is
   * complete, and no longer than its value.
   */
  readonly known: WeakMap<object, Finding>[];
}

/** An argument, or a field of an input object, whose value can carry a rule. */
export interface Place {
  readonly name: string;
  /** The rules of the place itself. */
  readonly own: RuleIds;
  /** `null`: no value there carries any. */
  readonly shape: Shape | null;
  /** How many lists are around the named type. */
  readonly lists: number;
}

/** A list or an object that is being looked into. */
interface Open {
  readonly value: object;
  readonly found: Set<number>;
  /** How many objects are around what stands in it, itself included. */
  readonly around: number;
  /** How many objects are within one another in it, as far as it was looked into. */
  depth: number;
  next: number;
  /** What can carry a rule: the items of a list, or places of an object. */
  readonly inside: { readonly shape: Shape; readonly lists: number } | readonly Place[];
  readonly keptIn: WeakMap<object, Finding> | null;
}

/**
 * Finds the rules of everything that arguments supply. It does not recurse: how deep the arguments are does not matter to the
 * stack, and whatever throws on the way leaves no finding behind.
 *
 * @param depth - how many objects may be within one another
 * @returns numbers of rules, ascending
 * @throws {ClaimgateError} LIMIT_EXCEEDED where the arguments are too deep, refer to themselves, or are too many
 */
export function inspect(args: Readonly<Record<string, unknown>>, places: readonly Place[], depth: number): RuleIds {
  const count = createInputCounter();
  const root: Open = { value: args, found: new Set(), around: 0, depth: 0, next: 0, inside: places, keptIn: null };
  const open = [root];

  function look(frame: Open, value: unknown, shape: Shape, lists: number): void {
    const list = lists > 0 && Array.isArray(value);
    if (!list && (shape.fields.length === 0 || typeof value !== 'object' || value === null)) {
      absorb(frame, shape.values.get(value) ?? shape.itself);
      return;
    }
    const keptIn = (shape.known[list ? lists : 0] ??= new WeakMap());
    const container = value;
    const known = keptIn.get(container);
    if (known) {
      absorb(frame, known);
      return;
    }
    const around = list ? frame.around : frame.around + 1;
    if (around > depth) throw inputTooDeep(depth);
    const inside = list ? { shape, lists: lists - 1 } : shape.fields;
    const found = new Set(list ? [] : shape.itself.ids);
    open.push({ value: container, found, around, depth: list ? 0 : 1, next: 0, inside, keptIn });
  }

  function absorb(frame: Open, finding: Finding): void {
    if (frame.around + finding.depth > depth) throw inputTooDeep(depth);
    for (const id of finding.ids) frame.found.add(id);
    const own = 'lists' in frame.inside || frame === root ? 0 : 1;
    frame.depth = Math.max(frame.depth, own + finding.depth);
  }

  for (let frame = open.at(-1); frame; frame = open.at(-1)) {
    const { value, inside } = frame;
    const index = frame.next;
    frame.next += 1;
    if ('lists' in inside) {
      const items = value as readonly unknown[]; // Only a list has items inside.
      if (index < items.length) {
        count();
        look(frame, items[index], inside.shape, inside.lists);
        continue;
      }
    } else if (index < inside.length) {
      const place = inside[index];
      if (!place || !Object.hasOwn(value, place.name)) continue;
      count();
      for (const id of place.own) frame.found.add(id);
      const member = (value as Readonly<Record<string, unknown>>)[place.name]; // A coerced input object.
      if (place.shape) look(frame, member, place.shape, place.lists);
      continue;
    }
    open.pop();
    const finding = { ids: [...frame.found].sort((a, b) => a - b), depth: frame.depth };
    frame.keptIn?.set(value, finding);
    const above = open.at(-1);
    if (!above) return finding.ids;
    absorb(above, finding);
  }
  return [];
}
