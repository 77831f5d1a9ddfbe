import { buildSchema, type GraphQLDirective } from 'graphql';
import type { RuleObject } from './given/rule-extensions.ts';
import { StartError } from '../errors.ts';
import {
  directiveNameFaults,
  directiveNamesOf,
  type DirectiveNames,
  type ResolvedDirectiveNames,
  namesOf,
  defaultNames,
} from './directive-names.ts';

/**
 * Writes the SDL of Claimgate's directives. `createGuardedSchema` adds this SDL to every schema that it makes from
 * modules. Therefore a module must not define the directives.
 *
 * The SDL declares only the arguments and locations of `@auth` and `@public` that are enforced. Any other argument or
 * location is a fault at start. The guard does not enforce `@sensitive`: the server does, for arguments and input
 * fields.
 */
export function directivesSdl(names: ResolvedDirectiveNames): string {
  const { types } = names;
  return `"""
A rule. A caller may read or supply this element only with a valid access token that satisfies every argument of the rule.
A rule on a type applies wherever a value of the type is produced. On a root operation type, it applies to each of its fields.
A rule on an interface applies to every implementing type. A rule on a field of an interface, or on an argument of this field,
does so too. A rule on an argument, input object, input field or enum value applies where a value is supplied. A rule on an
enum or a scalar applies where a field returns it, and where a value is supplied.
If several rules apply to an element, all of them must hold.
"""
directive @${names.auth}(
  """
  Alternatives. Each is an OAuth scope string (RFC 6749 §3.3). "a b" needs both scopes, ["a b", "c"] needs (a and b) or c.
  If scope is left out, any valid access token is enough.
  """
  scope: [String!]
  "Conditions on claims of the access token. All must hold."
  claims: [${types.claim}!]
  """
  The owner. "userId" names a field of this type, "$id" names an argument of this field. Its value must equal the caller's
  account ID. An application without a person has no account. A person of an issuer other than the primary issuer has none either.
  """
  owner: String
  "Names of functions of the server. All of them must allow the access."
  policy: [String!]
  "Alternatives. At least one of them must hold. All other arguments must hold too."
  anyOf: [${types.rule}!]
  "The longest time since the person authenticated, in seconds (RFC 9470). It is compared with auth_time of the access token."
  maxAge: Int
  "The accepted values of acr in the access token (RFC 9470)."
  acr: [String!]
  "Whether the rule denies, or only reports its denials."
  mode: ${types.mode}! = ENFORCE
) repeatable on OBJECT | INTERFACE | UNION | FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_OBJECT | INPUT_FIELD_DEFINITION | ENUM | ENUM_VALUE | SCALAR

"What happens when a rule does not hold."
enum ${types.mode} {
  "The rule denies."
  ENFORCE
  "The rule denies nothing. The denial is logged and counted. A root field with this rule still needs another rule."
  SHADOW
}

"A condition on one claim of the access token. Exactly one of oneOf, contains and exists is required. Strings, booleans and whole numbers are compared by their text."
input ${types.claim} {
  "The names of members from the outside in: [\\"https://example.com/app\\", \\"tenant\\"]."
  claim: [String!]!
  "The claim is equal to one of these values."
  oneOf: [String!]
  "The claim is a list that contains this value."
  contains: String
  "The claim exists and is not null. Only true is allowed."
  exists: Boolean
}

"An alternative within a rule. Its arguments mean the same as the arguments of @${names.auth}. All of them must hold."
input ${types.rule} {
  scope: [String!]
  claims: [${types.claim}!]
  owner: String
  policy: [String!]
  maxAge: Int
  acr: [String!]
}

"A root field that is public on purpose. Rules on types, interfaces and inputs still hold."
directive @${names.public} on FIELD_DEFINITION

"A secret. Claimgate's server never logs, traces or echoes it, and rejects a literal of it in query text. The kit does not enforce this."
directive @${names.sensitive} on ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | FIELD_DEFINITION
`;
}

/** The arguments of `@auth`, in the order of its definition. */
export const ruleArguments: readonly (keyof RuleObject)[] = [
  'scope',
  'claims',
  'owner',
  'policy',
  'anyOf',
  'maxAge',
  'acr',
  'mode',
];

/** Whether a directive has exactly the arguments of `@auth`. It is probably `@auth` under another name. */
export function hasRuleArguments(names: readonly string[]): boolean {
  return names.length === ruleArguments.length && ruleArguments.every((name) => names.includes(name));
}

/** The SDL of the directives with their default names. */
export const authDirectives: string = directivesSdl(defaultNames);

/**
 * Writes the SDL of the directives with configured names. Use it for editors, code generators and other tools that do
 * not call `createGuardedSchema`.
 *
 * @param names - the value of the option `directives` of `createGuardedSchema`
 * @throws StartError with all faults of the names
 */
export function authDirectivesNamed(names: DirectiveNames): string {
  const faults = [...directiveNameFaults(names)];
  if (faults.length > 0) throw new StartError(faults);
  return directivesSdl(namesOf(names));
}

/**
 * Makes the directives as objects of graphql-js, for tools that make a schema from code and take the definitions of its
 * directives in this form.
 *
 * @param names - the value of the option `directives` of `createGuardedSchema`
 * @throws StartError with all faults of the names
 */
export function directiveObjects(names: DirectiveNames): GraphQLDirective[] {
  const own = directiveNamesOf(namesOf(names));
  return buildSchema(authDirectivesNamed(names))
    .getDirectives()
    .filter(({ name }) => own.has(name));
}
