/** Words that other programs use for a switch. */
const words: ReadonlyMap<string, string> = new Map([
  ...['on', 'true', 'yes', '1'].map((word) => [word, 'on'] as const),
  ...['off', 'false', 'no', '0'].map((word) => [word, 'off'] as const),
]);

/** Whether a text is a value of a switch. */
export function isSwitch(value: string): boolean {
  return value === 'on' || value === 'off';
}

/** Returns advice for a value that is not a value of a switch, or null. */
export function switchHint(value: string): string | null {
  const meant = words.get(value.toLowerCase());
  return meant === undefined ? null : `the nearest is ${meant}`;
}
