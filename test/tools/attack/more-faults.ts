import type { Fault } from '../../properties/auth/old-faults.ts';

/** Further faults of an engine that open something. */
export const moreFaults: Readonly<Record<string, Fault>> = {
  'an authentication without a time is recent': [
    'decide/decide.ts',
    "if (typeof authenticatedAt !== 'number') return false;",
    "if (typeof authenticatedAt !== 'number') return true;",
  ],
  'every authentication context is accepted': [
    'decide/decide.ts',
    "!(typeof context === 'string' && acr.includes(context))",
    "typeof context !== 'string'",
  ],
  'one of several scopes is enough': [
    'rules/scope.ts',
    'scopes.every((scope) => granted.has(scope))',
    '(scopes.length === 0 || scopes.some((scope) => granted.has(scope)))',
  ],
  'scopes are compared without their case': [
    'rules/scope.ts',
    'scopes.every((scope) => granted.has(scope))',
    'scopes.every((scope) => [...granted].some((one) => one.toLowerCase() === scope.toLowerCase()))',
  ],
  'an application is an owner': [
    'decide/decide.ts',
    "return principal.kind === 'account' && principal.accountId !== '' ? principal.accountId : null;",
    "return principal.kind === 'anonymous' ? null : principal.kind === 'account' ? principal.accountId : principal.subject;",
  ],
  'the guard does not look at arguments': [
    'guard/field.ts',
    'if (inputs) supplied = inputs(args);',
    'if (inputs) inputs(args);',
  ],
  'the items of a list are not inspected': ['inputs/inspect.ts', 'if (index < items.length) {', 'if (index < 0) {'],
  'an input in an input is not inspected': [
    'inputs/inspect.ts',
    'if (place.shape) look(',
    'if (place.shape && frame === root) look(',
  ],
  'the answer of a policy does not count': [
    'decide/target.ts',
    "return allowed.every((answer) => answer) ? 'holds' : 'policy';",
    "return allowed.length >= 0 ? 'holds' : 'policy';",
  ],
  'a subscription begins although a part of it is denied': [
    'guard/guard-schema.ts',
    'field.subscribe = boundDepth(guardOperation(subscribe, guard));',
    'field.subscribe = boundDepth(subscribe);',
  ],
  'the values of interfaces and unions are not looked at': [
    'guard/guard-schema.ts',
    'guardAbstractTypes(schema, guard);',
    '',
  ],
  'a claim that must exist may be absent': [
    'rules/claim.ts',
    'return value !== undefined && value !== null;',
    'return true;',
  ],
  'a field with an alias is not guarded': [
    'guard/field.ts',
    "const denied = decide(rules, principal) === 'deny';",
    "const denied = decide(rules, principal) === 'deny' && info.path.key === field.name;",
  ],
};
