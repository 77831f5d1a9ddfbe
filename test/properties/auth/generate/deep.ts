/** Makes a value of the input type F with this many nested objects. The innermost object has the members with rules. */
export function nested(levels: number): Readonly<Record<string, unknown>> {
  let value: Readonly<Record<string, unknown>> = { i: 1, e: 'Q' };
  for (let level = 1; level < levels; level += 1) value = level % 3 === 2 ? { h: [value] } : { g: value };
  return value;
}

/** Counts the nested objects of a value, without recursion. */
export function depthOf(value: unknown): number {
  let deepest = 0;
  const pending = [{ value, depth: 0 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    const inside = Array.isArray(value) ? depth : depth + 1;
    deepest = Math.max(deepest, inside);
    for (const member of Object.values(value)) pending.push({ value: member, depth: inside });
  }
  return deepest;
}

/** Returns a text that distinguishes values, unless they are very deep. */
export function digest(value: unknown): string {
  return depthOf(value) > 200 ? 'deep' : JSON.stringify(value);
}
