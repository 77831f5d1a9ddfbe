import { type ConstDirectiveNode, type ConstValueNode, Kind, print } from 'graphql';
import type { ClaimRule } from './claim.ts';
import type { OwnerElement, Requirement, Rule } from './rule.ts';
import type { ScopeAlternatives } from './scope.ts';
import { nearestHint } from '../../protocol/nearest.ts';
import { parseScope } from '../../protocol/scope.ts';

/** The names of scopes and policies that rules may use. */
export interface Catalogue {
  /** The names of scopes. Default: any name. */
  readonly scopes?: ReadonlySet<string> | undefined;
  /** The names of policies. */
  readonly policies: ReadonlySet<string>;
}

/** The values of an input object or of a directive's arguments, by name. */
type Members = ReadonlyMap<string, ConstValueNode>;

/** Reports a fault of a rule. */
type Report = (message: string) => void;

const requirementArguments = ['scope', 'claims', 'owner', 'policy', 'maxAge', 'acr'] as const;

/**
 * Reads one `@auth` of the SDL. It checks the values of the arguments. GraphQL's validation of SDL checks only their
 * names.
 *
 * @param reportFault - receives each fault. A rule with a fault is returned too. Therefore a fault must stop the start
 */
export function readRule(
  directive: ConstDirectiveNode,
  catalogue: Catalogue,
  reportFault: Report,
): Pick<Rule, 'mode' | 'requirement' | 'anyOf'> {
  const members = membersOf(directive.arguments ?? []);
  // The messages begin with `@auth`, which is replaced by the name of the directive in this schema.
  const report: Report = (message) => reportFault(message.replace(/^@auth/, `@${directive.name.value}`));
  return {
    mode: readMode(members.get('mode'), report),
    requirement: readRequirement(members, catalogue, report),
    anyOf: readAlternatives(members.get('anyOf'), catalogue, report),
  };
}

function readMode(value: ConstValueNode | undefined, report: Report): Rule['mode'] {
  if (value === undefined) return 'ENFORCE';
  const mode = value.kind === Kind.ENUM ? value.value : null;
  if (mode === 'SHADOW' || mode === 'ENFORCE') return mode;
  const hint = nearestHint(mode ?? '', ['ENFORCE', 'SHADOW']);
  report(`@auth(mode: ${print(value)}) is not a mode; expected ENFORCE or SHADOW${hint}`);
  return 'ENFORCE';
}

function readRequirement(members: Members, catalogue: Catalogue, report: Report): Requirement {
  const policies = readStrings('policy', members.get('policy'), report);
  for (const name of policies ?? []) {
    if (catalogue.policies.has(name)) continue;
    const known = [...catalogue.policies].join(', ') || 'none, since the server was given no policies';
    report(`@auth has the unknown policy "${name}"; expected one of ${known}${nearestHint(name, catalogue.policies)}`);
  }
  return {
    scope: readScope(members.get('scope'), catalogue, report),
    claims: readClaims(members.get('claims'), report),
    owner: readOwner(members.get('owner'), report),
    policies: policies ?? [],
    maxAge: readMaxAge(members.get('maxAge'), report),
    acr: readStrings('acr', members.get('acr'), report),
  };
}

function readScope(
  value: ConstValueNode | undefined,
  { scopes: catalogue }: Catalogue,
  report: Report,
): ScopeAlternatives {
  if (value === undefined) return [[]];
  const values = itemsOf(value);
  if (values.length === 0) report('@auth(scope: []) names no alternative; leave scope out to let any valid token pass');
  return values.flatMap((item) => {
    const scopes = item.kind === Kind.STRING ? parseScope(item.value) : null;
    if (scopes === null) {
      const expected = 'expected a string of scopes with one space between them (RFC 6749 §3.3)';
      report(`@auth has the scope ${print(item)}; ${expected}`);
    }
    for (const scope of scopes ?? []) {
      if (catalogue && !catalogue.has(scope)) {
        const known = [...catalogue].join(', ');
        report(`@auth has the unknown scope "${scope}"; expected one of ${known}${nearestHint(scope, catalogue)}`);
      }
    }
    return scopes ? [scopes] : []; // A rule without alternatives denies every caller.
  });
}

/** Reads a list of one or more strings. Each string must not be empty. `null`: the argument is left out. */
function readStrings(name: string, value: ConstValueNode | undefined, report: Report): readonly string[] | null {
  if (value === undefined) return null;
  const texts = itemsOf(value).map((item) => (item.kind === Kind.STRING ? item.value : ''));
  if (texts.length === 0 || texts.includes('')) {
    report(`@auth(${name}: ${print(value)}) is empty or no string; expected one string or more, or leave ${name} out`);
  }
  return texts;
}

function readMaxAge(value: ConstValueNode | undefined, report: Report): number | null {
  if (value === undefined) return null;
  const seconds = value.kind === Kind.INT ? Number(value.value) : -1;
  if (seconds >= 0 && seconds <= 2_147_483_647) return seconds;
  report(`@auth(maxAge: ${print(value)}) is not an age; expected a whole number of seconds, 0 or more`);
  return 0;
}

function readOwner(value: ConstValueNode | undefined, report: Report): OwnerElement | null {
  if (value === undefined) return null;
  const text = value.kind === Kind.STRING ? value.value : '';
  const [, argument = '', name = ''] = /^(\$?)([_A-Za-z]\w*)$/.exec(text) ?? [];
  if (name === '') report(`@auth(owner: ${print(value)}) is not an owner; expected "field" or "$argument"`);
  return { kind: argument === '' ? 'field' : 'argument', name };
}

function readClaims(value: ConstValueNode | undefined, report: Report): readonly ClaimRule[] {
  if (value === undefined) return [];
  const rules = itemsOf(value);
  if (rules.length === 0) report('@auth(claims: []) names no claim; leave claims out');
  return rules.flatMap((item) => readClaim(item, report) ?? []);
}

function readClaim(value: ConstValueNode, report: Report): ClaimRule | null {
  const members = value.kind === Kind.OBJECT ? membersOf(value.fields) : new Map<string, ConstValueNode>();
  const fault = (expected: string): null => {
    report(`@auth has the claim rule ${print(value)}; expected ${expected}`);
    return null;
  };
  const [operator, ...others] = [...members.keys()].filter((name) => name !== 'claim');
  const path = strings(members.get('claim'));
  if (path === null) return fault('claim: the name of a claim, or the names of members from the outside in');
  if (operator === undefined || others.length > 0) return fault('exactly one of oneOf, contains and exists');
  const operand = members.get(operator);
  switch (operator) {
    case 'oneOf': {
      const values = strings(operand);
      return values ? { claim: path, operator, values } : fault('oneOf: one string or more, none of them empty');
    }
    case 'contains':
      return operand?.kind === Kind.STRING && operand.value !== ''
        ? { claim: path, operator, value: operand.value }
        : fault('contains: a string that is not empty');
    case 'exists':
      return operand?.kind === Kind.BOOLEAN && operand.value
        ? { claim: path, operator }
        : fault('exists: true, the only value it may have');
    default:
      return fault(
        `oneOf, contains or exists, not ${operator}${nearestHint(operator, ['oneOf', 'contains', 'exists'])}`,
      );
  }
}

function readAlternatives(
  value: ConstValueNode | undefined,
  catalogue: Catalogue,
  report: Report,
): readonly Requirement[] {
  if (value === undefined) return [];
  const alternatives = itemsOf(value);
  if (alternatives.length === 0) report('@auth(anyOf: []) names no alternative; leave anyOf out');
  return alternatives.map((item) => {
    const members = item.kind === Kind.OBJECT ? membersOf(item.fields) : new Map<string, ConstValueNode>();
    const known: readonly string[] = requirementArguments;
    if (members.size === 0 || ![...members.keys()].every((name) => known.includes(name))) {
      const odd = [...members.keys()].find((name) => !known.includes(name));
      const hint = odd === undefined ? '' : nearestHint(odd, known);
      report(`@auth has the alternative ${print(item)}; expected one or more of ${known.join(', ')}${hint}`);
    }
    return readRequirement(members, catalogue, report);
  });
}

function membersOf(
  nodes: readonly { readonly name: { readonly value: string }; readonly value: ConstValueNode }[],
): Members {
  return new Map(nodes.map(({ name, value }) => [name.value, value]));
}

/** Returns the items of a list. GraphQL coerces a single value to a list of one item. */
function itemsOf(value: ConstValueNode): readonly ConstValueNode[] {
  return value.kind === Kind.LIST ? value.values : [value];
}

function strings(value: ConstValueNode | undefined): readonly string[] | null {
  const texts = value ? itemsOf(value).map((item) => (item.kind === Kind.STRING ? item.value : '')) : [];
  return texts.length > 0 && !texts.includes('') ? texts : null;
}
