/**
 * Reads the number of an option.
 *
 * @param least - the least value
 * @throws if the text is not a number, or less. The message names the option, and states what was found and expected
 */
export function numberOption(option: string, text: string, least: number, reason = ''): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= least) return value;
  throw new Error(`--${option}: found "${text}", expected a number from ${least} on${reason && `: ${reason}`}`);
}

/** Reads an integer of an option, like `numberOption`. */
export function integerOption(option: string, text: string, least: number, reason = ''): number {
  const value = numberOption(option, text, least, reason);
  if (Number.isSafeInteger(value)) return value;
  throw new Error(`--${option}: found "${text}", expected an integer from ${least} on${reason && `: ${reason}`}`);
}

/**
 * Reads the names of an option, which are separated by commas.
 *
 * @throws if a name is not one of `known`
 */
export function namesOption(option: string, text: string, known: readonly string[]): readonly string[] {
  const names = text.split(',');
  const other = names.find((name) => !known.includes(name));
  if (other === undefined) return names;
  throw new Error(`--${option}: found "${other}", expected some of ${known.join(',')}`);
}
