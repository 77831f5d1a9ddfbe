import { readFileSync } from 'node:fs';

/** Reads a file of the folder `schema/`. This folder is beside `src/`, and beside `lib/` of the package. */
export function sdl(subject: string): string {
  return readFileSync(new URL(`../../schema/${subject}.graphql`, import.meta.url), 'utf8');
}
