import type { Path } from './path.ts';

/** One line of an answer as indented JSON. */
export interface Line {
  readonly depth: number;
  /** The path of the value that begins or ends on this line. */
  readonly path: Path;
  /** `end`: the line has only the closing bracket. */
  readonly kind: 'begin' | 'end' | 'string' | 'number' | 'boolean' | 'null' | 'empty';
  /** The response key in quotes, or null for the root and for items of lists. */
  readonly key: string | null;
  /** The value as JSON, or the bracket. */
  readonly text: string;
  readonly isLast: boolean;
}

export interface Lines {
  readonly lines: readonly Line[];
  /** Whether the value has more lines than the limit. */
  readonly isCut: boolean;
}

/** How many characters of one string are shown. */
export const maxStringLength = 10_000;
/** How deep values are shown. Each line has the path of its value, so deeper lines would need too much memory. */
export const maxDepth = 200;

interface Task {
  readonly value: unknown;
  readonly key: string | null;
  readonly path: Path;
  readonly depth: number;
  readonly isLast: boolean;
  readonly isEnd: boolean;
}

/**
 * Writes a parsed JSON value as lines.
 *
 * @param path - the path of the value, for the paths of the lines
 * @param limit - the largest number of lines
 */
export function linesOf(value: unknown, { path = [], limit }: { readonly path?: Path; readonly limit: number }): Lines {
  const lines: Line[] = [];
  // The tasks replace recursion, because a JSON scalar may be nested deeper than the stack of calls allows.
  const tasks: Task[] = [{ value, key: null, path, depth: 0, isLast: true, isEnd: false }];
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    if (lines.length >= limit) return { lines, isCut: true };
    const { value, key, path, depth, isLast, isEnd } = task;
    if (typeof value !== 'object' || value === null) {
      lines.push({ depth, path, key, isLast, kind: kindOf(value), text: scalarText(value) });
      continue;
    }
    const isList = Array.isArray(value);
    if (isEnd) {
      lines.push({ depth, path, key: null, isLast, kind: 'end', text: isList ? ']' : '}' });
      continue;
    }
    const count = isList ? value.length : Object.keys(value).length;
    if (count === 0) {
      lines.push({ depth, path, key, isLast, kind: 'empty', text: isList ? '[]' : '{}' });
      continue;
    }
    if (depth >= maxDepth) {
      const text = `${isList ? '[…]' : '{…}'} nested more than ${maxDepth} levels deep`;
      lines.push({ depth, path, key, isLast, kind: 'empty', text });
      continue;
    }
    lines.push({ depth, path, key, isLast, kind: 'begin', text: isList ? '[' : '{' });
    tasks.push({ ...task, isEnd: true });
    // Children beyond the limit are never written.
    const reachable = limit - lines.length + 1;
    const steps = isList ? [...value.slice(0, reachable).keys()] : Object.keys(value).slice(0, reachable);
    for (let index = steps.length - 1; index >= 0; index -= 1) {
      const step = steps[index] ?? '';
      const child: unknown = (value as Readonly<Record<string | number, unknown>>)[step];
      tasks.push({
        value: child,
        key: typeof step === 'string' ? JSON.stringify(step) : null,
        path: [...path, step],
        depth: depth + 1,
        isLast: index === count - 1,
        isEnd: false,
      });
    }
  }
  return { lines, isCut: false };
}

function kindOf(value: unknown): Line['kind'] {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'null';
}

function scalarText(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  if (value.length <= maxStringLength) return JSON.stringify(value);
  return `${JSON.stringify(value.slice(0, maxStringLength))} … ${value.length - maxStringLength} more characters`;
}
