import type { ScalarForm } from './prepare/query-plan.ts';

/** Returns the JSON text of a string, as `JSON.stringify` writes it. */
export function quote(text: string): string {
  return needsNoEscape(text) ? `"${text}"` : JSON.stringify(text);
}

/** Whether `JSON.stringify` writes a string as it is, between quotes. False for a long string, which is not searched. */
export function needsNoEscape(text: string): boolean {
  const { length } = text;
  if (length > 40) return false;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    // Control characters, quotes, backslashes and lone surrogates are escaped.
    if (code < 0x20 || code === 0x22 || code === 0x5c || code >= 0xd800) return false;
  }
  return true;
}

/** Returns the JSON text of a number, as `JSON.stringify` writes it. */
export function writeNumber(value: number): string {
  return Number.isFinite(value) ? String(value) : 'null';
}

/** Returns the JSON text of a value that has the form of a built-in scalar. `null`: the value has another form. */
export function writeForm(form: ScalarForm, value: unknown): string | null {
  if (typeof value === 'string') return form === 'text' ? quote(value) : null;
  if (typeof value === 'number') {
    // `| 0` keeps the integers of 32 bits, which are the values of `Int`.
    if (form === 'integer') return (value | 0) === value ? String(value) : null;
    return form === 'number' && Number.isFinite(value) ? String(value) : null;
  }
  if (typeof value === 'boolean' && form === 'boolean') return value ? 'true' : 'false';
  return null;
}

/** A value that is written when the whole result is known. `key` is the key that `toJSON` receives. */
interface Late {
  readonly key: string;
  readonly value: unknown;
}

/**
 * The values of one result that `JSON.stringify` writes. It calls their `toJSON`, and leaves out members without a JSON
 * text. Each of them has a mark in the text until the result is complete, so that no `toJSON` runs earlier. A mark
 * contains a character that JSON text does not contain.
 */
export class LateValues {
  readonly #values: Late[] = [];

  /** Returns the JSON text of a leaf, or the mark of its value. */
  write(value: unknown, key: string | number): string {
    if (typeof value === 'string') return quote(value);
    if (typeof value === 'number') return writeNumber(value);
    if (typeof value === 'boolean') return value ? 'true' : 'false';
    if (value === null) return 'null';
    this.#values.push({ key: String(key), value });
    return `\0${this.#values.length - 1}\0`;
  }

  /**
   * Replaces the marks of a complete result.
   *
   * @throws the errors of `JSON.stringify`
   */
  complete(text: string): string {
    if (this.#values.length === 0) return text;
    const parts = text.split('\0'); // Texts and numbers of values, in turns.
    let before = parts[0] ?? '';
    const out: string[] = [];
    for (let at = 1; at < parts.length; at += 2) {
      const following = parts[at + 1] ?? '';
      const late = this.#values[Number(parts[at])];
      const member = JSON.stringify({ [late?.key ?? '']: late?.value });
      const isMember = before.endsWith(':');
      const keyLength = (late?.key.length ?? 0) + '"":'.length;
      if (member !== '{}') {
        out.push(before, member.slice(1 + keyLength, -1));
        before = following;
      } else if (!isMember) {
        out.push(before, 'null');
        before = following;
      } else {
        // The member is left out, with one comma. What is in front of it ends with a brace or a comma.
        const kept = before.slice(0, -keyLength);
        if (following.startsWith(',')) before = kept + following.slice(1);
        else before = (kept.endsWith(',') ? kept.slice(0, -1) : kept) + following;
      }
    }
    return out.join('') + before;
  }
}
