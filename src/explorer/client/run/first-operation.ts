import type { Settings } from '../settings.ts';

/** Returns the text of the editor at the first visit. */
export function firstOperation(_settings: Settings): string {
  return '# Write an operation here. Run it with the button, or with Ctrl-Enter.\nquery First {\n  __typename\n}\n';
}
