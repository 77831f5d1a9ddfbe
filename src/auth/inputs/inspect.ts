import type { RuleIds } from '../rules/rule.ts';
import { createInputCounter, inputTooDeep } from './limits.ts';

/** The result of the complete inspection of a value. */
export interface InputFinding {
  /** The numbers of the rules. */
  readonly ids: RuleIds;
  /** How deep the objects of the value are nested. */
  readonly depth: number;
}

/** The parts of an input type that can carry a rule. */
export interface InputShape {
  /** The rules of the type itself. They hold for every value of the type, including `null`. */
  readonly itself: InputFinding;
  /** The rules of enum values, by internal value. They include the rules of the enum itself. */
  readonly values: ReadonlyMap<unknown, InputFinding>;
  /** The fields of an input object that can carry a rule. */
  readonly fields: readonly InputPlace[];
  /**
   * The complete findings of lists and objects, by value. Several arguments can use the value of one variable, and this
   * value is inspected only one time. The index of the array is the number of lists around the named type.
   */
  readonly known: WeakMap<object, InputFinding>[];
}

/** An argument, or a field of an input object, whose value can carry a rule. */
export interface InputPlace {
  readonly name: string;
  /** The rules of the argument or field itself. */
  readonly own: RuleIds;
  /** `null`: no part of the value carries a rule. */
  readonly shape: InputShape | null;
  /** How many lists are around the named type. */
  readonly lists: number;
}

/** A list or an object that is being inspected. */
interface Frame {
  readonly value: object;
  readonly found: Set<number>;
  /** How many objects enclose the members of the value. The value itself counts if it is an object. */
  readonly around: number;
  /** The depth of the objects that have been found in the value so far. */
  depth: number;
  next: number;
  /** The parts that can carry a rule: the items of a list, or places of an object. */
  readonly inside: { readonly shape: InputShape; readonly lists: number } | readonly InputPlace[];
  /** The map for the complete finding of the value. `null`: the finding is not stored. */
  readonly findings: WeakMap<object, InputFinding> | null;
}

/**
 * Finds the rules of all inputs that arguments supply. It does not recurse, so the depth of the arguments cannot
 * exhaust the stack. It stores only complete findings.
 *
 * @param depth - how deep objects may be nested
 * @returns the numbers of the rules, ascending
 * @throws {ClaimgateError} LIMIT_EXCEEDED if the arguments are too deep or hold too many values, or refer to themselves
 */
export function inspect(
  args: Readonly<Record<string, unknown>>,
  places: readonly InputPlace[],
  depth: number,
): RuleIds {
  const count = createInputCounter();
  const root: Frame = { value: args, found: new Set(), around: 0, depth: 0, next: 0, inside: places, findings: null };
  const open = [root];

  /** Takes the finding of a member, or opens a frame for it. */
  function look(frame: Frame, value: unknown, shape: InputShape, lists: number): void {
    const list = lists > 0 && Array.isArray(value);
    if (!list && (shape.fields.length === 0 || typeof value !== 'object' || value === null)) {
      absorb(frame, shape.values.get(value) ?? shape.itself);
      return;
    }
    const findings = (shape.known[list ? lists : 0] ??= new WeakMap());
    const container = value;
    const known = findings.get(container);
    if (known) {
      absorb(frame, known);
      return;
    }
    const around = list ? frame.around : frame.around + 1;
    if (around > depth) throw inputTooDeep(depth);
    const inside = list ? { shape, lists: lists - 1 } : shape.fields;
    const found = new Set(list ? [] : shape.itself.ids);
    open.push({ value: container, found, around, depth: list ? 0 : 1, next: 0, inside, findings });
  }

  /** Adds the finding of a member to the frame of the value that contains the member. */
  function absorb(frame: Frame, finding: InputFinding): void {
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
      const items = value as readonly unknown[]; // Only the frame of a list has `lists` in `inside`.
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
    frame.findings?.set(value, finding);
    const above = open.at(-1);
    if (!above) return finding.ids;
    absorb(above, finding);
  }
  return [];
}
