import { type ConstDirectiveNode, Kind, parse, valueFromASTUntyped } from 'graphql';
import type { Caller } from '../../../support/callers.ts';
import { now } from '../generate/document.ts';
import { settledOf } from '../generate/values.ts';

type Args = Readonly<Record<string, unknown>>;
/** The arguments of an `@auth`, or of an alternative within one. */
export type Rule = Readonly<Record<string, unknown>>;

/** The caller, object and arguments that a rule is decided for. */
export interface Asked {
  readonly caller: Caller;
  readonly object: Readonly<Record<string, unknown>>;
  readonly args: Args;
}

/** The rules at each coordinate, read from the modules as they were written. */
export function rulesIn(modules: Readonly<Record<string, string>>): ReadonlyMap<string, readonly Rule[]> {
  const rules = new Map<string, Rule[]>();
  const add = (coordinate: string, directives: readonly ConstDirectiveNode[] = []) => {
    for (const directive of directives) {
      if (directive.name.value !== 'auth') continue;
      const args = (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]);
      rules.set(coordinate, [...(rules.get(coordinate) ?? []), Object.fromEntries(args)]);
    }
  };
  for (const node of Object.values(modules).flatMap((sdl) => parse(sdl).definitions)) {
    if (!('name' in node) || node.name === undefined || node.kind === Kind.DIRECTIVE_DEFINITION) continue;
    const type = node.name.value;
    if ('directives' in node) add(type, node.directives as readonly ConstDirectiveNode[]);
    if ('values' in node) for (const value of node.values ?? []) add(`${type}.${value.name.value}`, value.directives);
    if (!('fields' in node)) continue;
    for (const field of node.fields ?? []) {
      add(`${type}.${field.name.value}`, field.directives);
      if (!('arguments' in field)) continue;
      for (const argument of field.arguments ?? []) {
        add(`${type}.${field.name.value}(${argument.name.value}:)`, argument.directives);
      }
    }
  }
  return rules;
}

/** Whether a rule allows the request. */
export function holds(rule: Rule, asked: Asked): boolean {
  return rule['mode'] === 'SHADOW' || (asked.caller !== null && all(rule, asked));
}

/** Whether the rule could allow this caller for some object and arguments. */
export function couldHold(rule: Rule, caller: Caller): boolean {
  const account = accountOf(caller);
  const object = { o: account, n: 1 };
  return holds(withoutPolicies(rule), { caller, object, args: { a: account } });
}

/** Whether the rule denies the caller only because a fresh or better authentication is missing. */
export function lacksStepUp(rule: Rule, caller: Caller): boolean {
  const fresh = caller && { ...caller, claims: { ...caller.claims, auth_time: now, acr: 'gold' } };
  return !couldHold(rule, caller) && couldHold(rule, fresh);
}

function withoutPolicies(rule: Rule): Rule {
  const parts = Object.entries(rule).filter(([name]) => name !== 'policy');
  return Object.fromEntries(
    parts.map(([name, value]) => [
      name,
      name === 'anyOf' ? list(value).map((each) => withoutPolicies(each as Rule)) : value,
    ]),
  );
}

function all(rule: Rule, asked: Asked): boolean {
  return Object.entries(rule).every(([name, value]) => {
    if (name === 'mode') return true;
    if (name === 'anyOf') return list(value).some((alternative) => all(alternative as Rule, asked));
    return part(name, value, asked);
  });
}

function part(name: string, value: unknown, { caller, object, args }: Asked): boolean {
  const claims = caller?.claims ?? {};
  switch (name) {
    case 'scope':
      return list(value).some((text) =>
        String(text)
          .split(' ')
          .every((scope) => caller?.scopes?.includes(scope)),
      );
    case 'claims':
      return list(value).every((rule) => claim(rule as Rule, claims));
    case 'owner': {
      const owner = String(value);
      const found = owner.startsWith('$') ? args[owner.slice(1)] : (settledOf(object, owner) ?? object[owner]);
      return typeof found === 'string' && found === accountOf(caller);
    }
    case 'policy':
      return list(value).every((policy) => policy === 'yes' || (policy === 'odd' && object['n'] === 1));
    case 'maxAge':
      return typeof claims['auth_time'] === 'number' && now - claims['auth_time'] <= Number(value);
    case 'acr':
      return typeof claims['acr'] === 'string' && list(value).includes(claims['acr']);
    default:
      throw new Error(`the model knows no argument ${name}`);
  }
}

function claim(rule: Rule, claims: Readonly<Record<string, unknown>>): boolean {
  let found: unknown = claims;
  for (const name of list(rule['claim'])) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, String(name))) return false;
    found = (found as Readonly<Record<string, unknown>>)[String(name)];
  }
  const matches = (wanted: unknown, has: unknown) =>
    (typeof has === 'string' || typeof has === 'number' || typeof has === 'boolean') && String(has) === wanted;
  // A claim that is null counts as missing.
  if ('exists' in rule) return found !== null;
  if ('contains' in rule) return Array.isArray(found) && found.some((item) => matches(rule['contains'], item));
  return list(rule['oneOf']).some((wanted) => matches(wanted, found));
}

function accountOf(caller: Caller): string | null {
  if (caller === null || caller.kind === 'application') return null;
  return caller.accountId === undefined ? 'alice' : caller.accountId;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
