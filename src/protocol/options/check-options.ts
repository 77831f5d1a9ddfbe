import { StartError } from '../../errors.ts';
import { type Check, type Members, objectOf, type Settings } from './object.ts';

/**
 * Makes the check of the options of a public function from the table of its options. An option with the value
 * `undefined` counts as absent.
 *
 * @param renamed - the earlier names of options, with the present name and its unit
 * @param together - checks all options together. It is called only if no option has a fault
 */
export function optionsOf<T>(
  settings: Settings<T>,
  renamed: Readonly<Record<string, string>> = {},
  together?: (options: Members) => Iterable<string>,
): Check {
  return objectOf(settings, { noun: 'option', isEntry: true, onlyNearest: true, isOption: true, renamed }, together);
}

/**
 * Checks the options of a public function, before the function does anything else.
 *
 * @param name - the name of the function, with which each fault begins
 * @throws StartError with the faults of all options
 */
export function checkOptions(name: string, options: unknown, check: Check): void {
  const faults = [...check(options, name, {})];
  if (faults.length > 0) throw new StartError(faults);
}
