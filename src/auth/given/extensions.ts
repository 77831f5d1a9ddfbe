import { type ConstDirectiveNode, Kind } from 'graphql';
import { ruleArguments } from '../directive.ts';
import { directiveNamesOf, type ResolvedDirectiveNames } from '../directive-names.ts';
import { nearest } from '../../protocol/nearest.ts';
import { shown } from '../../protocol/shown.ts';
import { argumentsListed, type Extensions, listedDirectives, reportUnreadable } from './listed-directives.ts';
import { directivesOf, isPlainObject, kindOf, type Report } from './rule-object.ts';

/**
 * Reads Claimgate's directives from the `extensions` of an element. The member with the name of a directive is read,
 * such as `extensions.auth`. Some tools write `extensions.directives`, with members by name or as a list. This form is
 * read too.
 */
export function directivesInExtensions(
  extensions: Extensions,
  names: ResolvedDirectiveNames,
  report: Report,
): readonly ConstDirectiveNode[] {
  reportUnreadable(extensions, directiveNamesOf(names), report);
  const rules = rulesIn(extensions, names.auth).flatMap(([where, rule]) =>
    directivesOf(names.auth, rule, where, report),
  );
  const marks = [names.public, names.sensitive].filter((name) => isMarked(extensions, name, report));
  return [
    ...rules,
    ...marks.map((name) => ({ kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: name } }) as const),
  ];
}

/** Whether the `extensions` of an element have a directive in one of these forms. */
export function isInExtensions(extensions: Extensions | undefined, name: string): boolean {
  if (!extensions) return false;
  return name in extensions || argumentsListed(extensions, name).length > 0;
}

/**
 * Reports members of `extensions` and of `extensions.directives` that are probably a misspelled directive of Claimgate.
 * A member is reported if its name differs only in case or punctuation. It is also reported if its name is similar and
 * its value has the form of a rule.
 */
export function reportMisspelled(extensions: Extensions, names: ResolvedDirectiveNames, report: Report): void {
  const own = directiveNamesOf(names);
  const members = Object.keys(extensions).map((name) => ({ name, where: 'extensions', value: extensions[name] }));
  for (const { name, where, value } of [...members, ...listedDirectives(extensions['directives'])]) {
    if (own.has(name)) continue;
    const same = [...own].find((one) => lettersOf(name) === lettersOf(one));
    const meant = same ?? (isRuleLike(value) ? nearest(name, own) : undefined);
    if (meant !== undefined) {
      const hint = where === 'extensions' ? `extensions.${meant}` : meant;
      report(`${where} has the member ${shown(name)}, which is not read; did you mean ${hint}?`);
    }
  }
}

function lettersOf(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase();
}

/** Whether a value is an object, or a list of objects, that has only members of a rule. */
export function isRuleLike(value: unknown): boolean {
  return [value].flat().every((rule) => {
    const members = isPlainObject(rule) ? Object.keys(rule) : [];
    return members.length > 0 && members.every((member) => ruleArguments.some((known) => known === member));
  });
}

function rulesIn(extensions: Extensions, name: string): readonly (readonly [where: string, rule: unknown])[] {
  const own = name in extensions ? [[`extensions.${name}`, extensions[name]] as const] : [];
  return [...own, ...argumentsListed(extensions, name).map((rule) => [`extensions.directives.${name}`, rule] as const)];
}

function isMarked(extensions: Extensions, name: string, report: Report): boolean {
  const own = name in extensions;
  if (own && extensions[name] !== true) {
    report(`extensions.${name} is ${kindOf(extensions[name])}; expected true, or leave it out`);
  }
  const others = argumentsListed(extensions, name);
  const isWrong = others.some((value) => value !== true && !(isPlainObject(value) && Object.keys(value).length === 0));
  if (isWrong) report(`extensions.directives.${name} has arguments; expected {}, since @${name} has none`);
  return own || others.length > 0;
}
