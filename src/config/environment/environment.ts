import { editDistance, nearest } from '../../protocol/nearest.ts';
import { isLinkAddress, isServiceLink } from './service-links.ts';
import { escaped, shown } from '../../protocol/shown.ts';
import { isVariable, type Variable, type VariableName, variables } from './variables.ts';

/** What the environment says. */
export interface ReadEnvironment {
  /** The values that can be used, without what an editor or a mounted file adds to their ends. */
  readonly values: Readonly<Partial<Record<VariableName, string>>>;
  /** What is wrong with the others, each by the name of its variable. */
  readonly faults: readonly string[];
}

const prefix = 'CLAIMGATE_';

/** Reads the variables of this program. An unknown `CLAIMGATE_…` is a fault, since it was meant to do something. */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): ReadEnvironment {
  const values: Partial<Record<VariableName, string>> = {};
  const faults: string[] = [];
  for (const [name, text] of Object.entries(environment)) {
    if (!text) continue;
    if (!isVariable(name)) {
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

/** What is wrong with the name of a variable that is not read. @returns null where it is none of ours */
function nameFault(name: string): string | null {
  const given = name.toUpperCase().replaceAll('-', '_').trim();
  const known = Object.keys(variables);
  if (!given.startsWith(prefix)) {
    const meant = known.find((one) => one.startsWith(prefix) && editDistance(given, one, 3) < 3);
    return meant === undefined ? null : `${shown(name)}: there is no such variable; expected ${meant}`;
  }
  const byRest = new Map(known.map((one) => [one.replace(prefix, ''), one]));
  const rest = nearest(given.slice(prefix.length), byRest.keys());
  const expected = (rest !== undefined && byRest.get(rest)) || `one of ${known.join(', ')}`;
  return `${shown(name)}: there is no such variable; expected ${expected}`;
}

/**
 * A value without line ends, tabs and byte order marks at its ends: `echo`, editors and mounted secrets add them. Spaces go too,
 * except where they may belong to the value.
 */
function withoutEnds(text: string, { exact }: Variable): string {
  return exact ? text.replaceAll(/^[\t\r\n\uFEFF]+|[\t\r\n\uFEFF]+$/g, '') : text.trim();
}

/** Quotation marks that a shell takes away and a file of variables does not. */
const quotes = /^(?:"[^]*"|'[^]*'|`[^]*`|“[^]*”|‘[^]*’)$/;

/** What is wrong with a value; nothing of a value is repeated here. @returns null where it is good */
function valueFault(value: string, variable: Variable): string | null {
  const { expected, valid, exact, hint } = variable;
  const because = (found: string) => `expected ${expected}; ${found}`;
  if (value.trim() === '') return because('it is nothing but white space');
  if (value !== value.trim()) return because('it begins or ends with a space: remove it');
  if (quotes.test(value)) return because('it stands in quotation marks: remove them');
  const odd = oddCharacter(value, exact === true);
  if (odd !== null) return because(odd);
  if (valid(value)) return null;
  if (isLinkAddress(value)) {
    return because(
      'this is a service link of Kubernetes (`enableServiceLinks: false` turns these off) or Docker: set the variable yourself',
    );
  }
  const advice = hint?.(value) ?? oddCharacter(value, false);
  return advice === null ? `expected ${expected}` : because(advice);
}

/** The first character that is not visible and belongs into no value. @param typed it may hold what joins emoji and letters */
function oddCharacter(value: string, typed: boolean): string | null {
  const pattern = typed ? /[\p{Cc}\uFFFD]/u : /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/u;
  const found = pattern.exec(value);
  if (!found) return null;
  const place = Array.from(value.slice(0, found.index)).length + 1;
  if (found[0] === '\uFFFD') return `its character ${place} is not UTF-8`;
  return `its character ${place} is ${escaped(found[0])}: remove it`;
}
