import { modelFaults } from '../../properties/auth/model-faults.ts';
import { type Fault, oldFaults } from '../../properties/auth/old-faults.ts';
import { weakTransports } from './weak-transports.ts';

/** Further faults of an engine that open something. */
const moreFaults: Readonly<Record<string, Fault>> = {
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

/** Faults of the executor of known documents. The guard in the schema has none. */
export const executorFaults: Readonly<Record<string, Fault>> = {
  'the executor runs every field without its guard': [
    'execute/run.ts',
    'if (direct.rules.length === 0) return true;',
    'return true;',
  ],
  'the executor does not look at arguments': [
    'execute/prepare/direct-field.ts',
    'if (elements.inputRules(type, field.name) || shadows.inputRules(type, field.name)) return;',
    '',
  ],
};

/** The faults that open nothing (they deny more, or change what authors see), and the one that needs an exhausted stack. */
const opensNothing = /^(?:a SHADOW rule is enforced|the default of a variable is not looked at|E-6 |E-1 )/;

/** Every fault of an engine that an attack must find. */
export const engineFaults: readonly (readonly [name: string, fault: Fault])[] = Object.entries({
  ...modelFaults,
  ...oldFaults,
  ...moreFaults,
}).filter(([name]) => !opensNothing.test(name));

/** The weak guards of other servers that an attack must find. */
export const weakGuards = [
  'a wrapper of resolvers, as articles about directives show it, does not guard a type behind an interface',
  'the rules of graphql-shield guard fields, and not an object with its type name',
  'the rules of graphql-shield lack a field, a mutation, or are wider than the schema says',
  ...weakTransports.map((name) => `a server has no guard ${name}`),
];
