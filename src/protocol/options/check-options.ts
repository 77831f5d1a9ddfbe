import { StartError } from '../../errors.ts';
import { type Check, type Members, objectOf, type Settings } from './object.ts';

/**
 * Makes the check of a public function's options from a table. An option with the value `undefined` counts as absent.
 *
 * @param renamed - the present name and unit of an option, by its earlier name
 * @param together - checks the complete object. It is called only if no option has a wrong value
 */
export function optionsOf<T>(
  settings: Settings<T>,
  renamed: Readonly<Record<string, string>> = {},
  together?: (options: Members, place: string) => Iterable<string>,
): Check {
  return objectOf(settings, { noun: 'option', isEntry: true, onlyNearest: true, isOption: true, renamed }, together);
}

/**
 * Checks the options of a public function.
 *
 * @param name - the name of the function. Each fault begins with it
 * @throws StartError with the faults of all options
 */
export function checkOptions(name: string, options: unknown, check: Check): void {
  const faults = [...check(options, name, {})];
  if (faults.length > 0) throw new StartError(faults);
}
