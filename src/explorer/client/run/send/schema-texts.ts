/** The members of an introspection answer that are Markdown. */
const markdownMembers: ReadonlySet<string> = new Set(['description', 'deprecationReason']);

/** The word joiner. It is invisible. */
const joiner = '\u2060';

/**
 * Makes links of the pictures in the descriptions of a schema. The editor draws pictures in its hovers and in its list of
 * completions. A picture would send a request as soon as its description is shown.
 *
 * @param answer - the parsed answer of an introspection query. It is changed in place, because it is large
 */
export function withoutPictures(answer: unknown): void {
  // The stack replaces recursion. The server chooses the depth of its answer.
  const rest: unknown[] = [answer];
  while (rest.length > 0) {
    const value = rest.pop();
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item === 'object') rest.push(item);
    } else if (typeof value === 'object' && value !== null) {
      const record = value as Record<string, unknown>;
      for (const [name, member] of Object.entries(record)) {
        if (typeof member === 'object') rest.push(member);
        else if (markdownMembers.has(name) && typeof member === 'string' && member.includes('![')) {
          record[name] = member.replaceAll('![', `!${joiner}[`);
        }
      }
    }
  }
}
