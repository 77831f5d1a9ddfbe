import { readFileSync } from 'node:fs';

/** A file of the folder schema/, which stands beside src/ and beside dist/. */
export function sdl(subject: string): string {
  return readFileSync(new URL(`../../schema/${subject}.graphql`, import.meta.url), 'utf8');
}
