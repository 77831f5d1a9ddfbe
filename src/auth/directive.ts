import { type DirectiveNames, type Names, namesOf, defaultNames } from './directive-names.ts';

/**
 * Writes the SDL of Claimgate's directives. `createGuardedSchema` adds this SDL to every schema, so a module uses the
 * directives without defining them.
 *
 * The SDL declares exactly the arguments and locations that are enforced. Any other argument or location is a fault of
 * the schema at start.
 */
export function directivesSdl(names: Names): string {
  const { types } = names;
  return `"""
Only a caller with a valid access token that satisfies every argument may read or supply this element. A rule on a type holds
wherever a value of the type is produced. On a root operation type it holds for each of its fields. A rule on an interface, on a
field of it or on an argument of that field holds for every implementer. A rule on an argument, input object or input field holds
where a value is supplied. If several rules apply, all must hold.
"""
directive @${names.auth}(
  """
  Alternatives, each an OAuth scope string (RFC 6749 §3.3): "a b" needs both, ["a b", "c"] needs (a and b) or c.
  If scope is left out, any valid access token is enough.
  """
  scope: [String!]
  "Conditions on claims of the access token. All must hold."
  claims: [${types.claim}!]
  """
  The owner: "userId", a field of the same type, or "$id", an argument of the field. Its value must be the same string as the
  caller's account ID. An application that acts for itself, or a person of an issuer that is
  not the primary issuer, has no account.
  """
  owner: String
  "Names of functions of the server. All of them must allow it."
  policy: [String!]
  "Alternatives. One of them must hold, and so must the other arguments."
  anyOf: [${types.rule}!]
  "How long ago the person may have authenticated, in seconds (RFC 9470): auth_time of the access token."
  maxAge: Int
  "The authentication contexts that are accepted (RFC 9470): acr of the access token."
  acr: [String!]
  "Whether the rule denies, or only reports what it would have denied."
  mode: ${types.mode}! = ENFORCE
) repeatable on OBJECT | INTERFACE | UNION | FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_OBJECT | INPUT_FIELD_DEFINITION | ENUM | ENUM_VALUE | SCALAR

"What happens when a rule does not hold."
enum ${types.mode} {
  "The rule denies."
  ENFORCE
  "The rule denies nothing. The denial is logged and counted. The rule does not close a root field."
  SHADOW
}

"A condition on one claim of the access token: exactly one of oneOf, contains and exists. Strings, booleans and whole numbers are compared by their text."
input ${types.claim} {
  "The names of members from the outside in: [\\"https://example.com/app\\", \\"tenant\\"]."
  claim: [String!]!
  "The claim is one of these."
  oneOf: [String!]
  "The claim is a list that contains this."
  contains: String
  "The claim exists and is not null. Only true is allowed."
  exists: Boolean
}

"An alternative within a rule. Its arguments have the same meaning as those of @${names.auth}, and must all hold."
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

"A secret. It is never logged, traced or echoed, and a literal of it in query text is rejected."
directive @${names.sensitive} on ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | FIELD_DEFINITION
`;
}

/** The SDL of the directives under their default names. */
export const authDirectives: string = directivesSdl(defaultNames);

/**
 * Writes the SDL of the directives with configured names. It is for tools that read the schema without
 * `createGuardedSchema`, such as editors and code generators.
 *
 * @param names - the value of the option `directives` of `createGuardedSchema`
 */
export function authDirectivesNamed(names: DirectiveNames): string {
  return directivesSdl(namesOf(names));
}
