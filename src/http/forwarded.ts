/** Whether a header, by its name in lower case, says for whom or for which host somebody speaks. */
export function isForwarded(name: string): boolean {
  return name === 'forwarded' || name.startsWith('x-forwarded-');
}
