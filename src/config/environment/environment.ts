import { editDistance, nearest } from '../../protocol/nearest.ts';
import { isLinkAddress, isServiceLink } from './service-links.ts';
import { escaped, shown } from '../../protocol/shown.ts';
import { isVariableName, type Variable, type VariableName, variables } from './variables.ts';

/** The environment variables of this program, read and checked. */
export interface ReadEnvironment {
  /** The valid values, without white space that an editor or a mounted file adds at the ends. */
  readonly values: Readonly<Partial<Record<VariableName, string>>>;
  /** The faults of the other variables. Each fault begins with the name of the variable. */
  readonly faults: readonly string[];
}

const prefix = 'CLAIMGATE_';

/**
 * Reads the variables of this program. An unknown variable `CLAIMGATE_…` is a fault, because the person who set it
 * expects an effect.
 */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): ReadEnvironment {
  const values: Partial<Record<VariableName, string>> = {};
  const faults: string[] = [];
  for (const [name, text] of Object.entries(environment)) {
    if (!text) continue;
    if (!isVariableName(name)) {
      const fault = isServiceLink(name, text) ? null : nameFault(name);
      if (fault !== null) faults.push(fault);
      continue;
    }
    const value = withoutEnds(text, variables[name]);
    const fault = valueFault(value, variables[name]);
    if (fault === null) values[name] = value;
    else faults.push(`${name}${variables[name].secret ? '' : `=${shown(text)}`}: ${fault}`);
  }
  return { values, faults };
}

/**
 * Describes the fault in the name of an unknown variable.
 *
 * @returns null if the variable belongs to another program
 */
function nameFault(name: string): string | null {
  const normalized = name.toUpperCase().replaceAll('-', '_').trim();
  const known = Object.keys(variables);
  if (!normalized.startsWith(prefix)) {
    const meant = known.find((one) => one.startsWith(prefix) && editDistance(normalized, one, 3) < 3);
    return meant === undefined ? null : `${shown(name)}: there is no such variable; expected ${meant}`;
  }
  const byRest = new Map(known.map((one) => [one.replace(prefix, ''), one]));
  const rest = nearest(normalized.slice(prefix.length), byRest.keys());
  const expected = (rest !== undefined && byRest.get(rest)) || `one of ${known.join(', ')}`;
  return `${shown(name)}: there is no such variable; expected ${expected}`;
}

/**
 * Removes line ends, tabs and byte order marks from both ends of a value. `echo`, editors and mounted secrets add such
 * characters. Removes spaces too, unless they may belong to the value.
 */
function withoutEnds(text: string, { exact }: Variable): string {
  return exact ? text.replaceAll(/^[\t\r\n\uFEFF]+|[\t\r\n\uFEFF]+$/g, '') : text.trim();
}

/** A value in quotation marks. A shell removes the marks, but a program that reads an env file may keep them. */
const quotes = /^(?:"[^]*"|'[^]*'|`[^]*`|“[^]*”|‘[^]*’)$/;

/** Describes the fault of a value. Repeats no part of the value. @returns null if the value is valid */
function valueFault(value: string, variable: Variable): string | null {
  const { expected, valid, exact, hint } = variable;
  const because = (found: string) => `expected ${expected}; ${found}`;
  if (value.trim() === '') return because('it is nothing but white space');
  if (value !== value.trim()) return because('it begins or ends with a space: remove it');
  if (quotes.test(value)) return because('it stands in quotation marks: remove them');
  const invisible = invisibleCharacter(value, exact === true);
  if (invisible !== null) return because(invisible);
  if (valid(value)) return null;
  if (isLinkAddress(value)) {
    return because(
      'this is a service link of Kubernetes (`enableServiceLinks: false` turns these off) or Docker: set the variable yourself',
    );
  }
  const advice = hint?.(value) ?? invisibleCharacter(value, false);
  return advice === null ? `expected ${expected}` : because(advice);
}

/**
 * Describes the first invisible character that no value may have.
 *
 * @param isTyped - whether a person types the value. Then it may have the invisible characters that join emoji and
 *   letters
 * @returns null if there is no such character
 */
function invisibleCharacter(value: string, isTyped: boolean): string | null {
  const pattern = isTyped ? /[\p{Cc}\uFFFD]/u : /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/u;
  const found = pattern.exec(value);
  if (!found) return null;
  const place = Array.from(value.slice(0, found.index)).length + 1;
  if (found[0] === '\uFFFD') return `its character ${place} is not UTF-8`;
  return `its character ${place} is ${escaped(found[0])}: remove it`;
}
