import type { Fault } from './old-faults.ts';

/** Fourteen faults that the model finds. */
export const modelFaults: Readonly<Record<string, Fault>> = {
  'rules of interfaces are not inherited': [
    'rules/elements.ts',
    'return [type.name, ...type.getInterfaces().map((parent) => parent.name)];',
    'return [type.name];',
  ],
  'a rule that depends on a value counts as allowed': [
    'decide/decide.ts',
    "return owner !== null || policies.length > 0 ? 'depends' : 'allow';",
    "return 'allow';",
  ],
  'a scope is met by the beginning of one': [
    'rules/scope.ts',
    'scopes.every((scope) => granted.has(scope))',
    'scopes.every((scope) => [...granted].some((one) => scope.startsWith(one)))',
  ],
  'a union says nothing of its members': [
    'guard/value.ts',
    '...new Set([...from.returnRules(parentType.name, fieldName), ...from.typeRules(name)]),',
    '...from.returnRules(parentType.name, fieldName),',
  ],
  'the rule of a union is forgotten': [
    'rules/elements.ts',
    'if (isUnionType(type)) return carriedBy(type.name);',
    'if (isUnionType(type)) return none;',
  ],
  'a null is not supplied': [
    'inputs/inspect.ts',
    'if (!place || !Object.hasOwn(value, place.name)) continue;',
    'if (!place || ((value as Readonly<Record<string, unknown>>)[place.name] ?? null) === null) continue;',
  ],
  'the rules of enum values are forgotten': [
    'inputs/inspect.ts',
    'absorb(frame, shape.values.get(value) ?? shape.itself);',
    'absorb(frame, shape.itself);',
  ],
  'the default of a variable is not looked at': [
    'plan/conditions.ts',
    'fallback: defaults.get(variable)',
    'fallback: undefined',
  ],
  'every account is the owner': [
    'decide/owner.ts',
    "typeof owner === 'string' && owner === account",
    "typeof owner === 'string'",
  ],
  'a deadline never passes': ['decide/decide.ts', '&& now <= (authenticatedAt + maxAge) * 1000', '&& now <= Infinity'],
  'alternatives are forgotten': [
    'decide/decide.ts',
    "if (own === 'deny' || rule.anyOf.length === 0) return own;",
    'return own;',
  ],
  'a SHADOW rule is enforced': ['guard/enforcement.ts', "rule.mode === 'ENFORCE'", 'rule.id >= 0'],
  'a claim that is a string contains its parts': [
    'rules/claim.ts',
    'Array.isArray(value) && value.some((item) => textOf(item) === rule.value)',
    'String(value).includes(rule.value)',
  ],
  'the root fields of a mutation are decided one by one': [
    'guard/operation.ts',
    ': judgeRoots(planned.root, info, context, principal, guard)',
    ': verdict',
  ],
};
