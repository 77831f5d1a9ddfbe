import { type DirectiveNames, type Names, namesOf, usualNames } from './directive-names.ts';

/**
 * The directives of Claimgate, in SDL: `createGuardedSchema` adds them to every schema, so that a module only uses them.
 *
 * It declares what is enforced and nothing else: any other argument or place is an error of the schema, at start.
 */
export function directivesSdl(names: Names): string {
  const { types } = names;
  return `"""
Only a caller with a valid access token that satisfies every argument may have this. A rule on a type holds wherever a value
of the type is produced, and on a root operation type for each of its fields; a rule on an interface, a field of it or an
argument of that holds for every implementer; a rule on an argument, input object or input field holds where it is supplied.
Rules that meet must all hold.
"""
directive @${names.auth}(
  """
  Alternatives, each an OAuth scope string (RFC 6749 §3.3): "a b" needs both, ["a b", "c"] needs (a and b) or c.
  Left out: any valid access token will do.
  """
  scope: [String!]
  "Claims of the access token, all of which must be so."
  claims: [${types.claim}!]
  """
  Whose it is: "userId", a field of the same type, or "$id", an argument of the field. Its value must be the caller's account,
  as the same string; an application alone has none, and neither has a person of another issuer than the primary one.
  """
  owner: String
  "Functions of the server by name, all of which must say yes."
  policy: [String!]
  "Alternatives, one of which must hold besides the arguments beside it."
  anyOf: [${types.rule}!]
  "How long ago the person may have authenticated, in seconds (RFC 9470): auth_time of the access token."
  maxAge: Int
  "The authentication contexts that are accepted (RFC 9470): acr of the access token."
  acr: [String!]
  "Whether the rule denies, or only tells what it would have denied."
  mode: ${types.mode}! = ENFORCE
) repeatable on OBJECT | INTERFACE | UNION | FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_OBJECT | INPUT_FIELD_DEFINITION | ENUM | ENUM_VALUE | SCALAR

"What a rule does when it does not hold."
enum ${types.mode} {
  "It denies."
  ENFORCE
  "It denies nothing: that it would have is logged and counted. It counts as no rule."
  SHADOW
}

"What a claim of the access token must be: exactly one of oneOf, contains and exists. Strings, booleans and whole numbers are compared by their text."
input ${types.claim} {
  "Names of members from the outside in, own members only: [\\"https://example.com/app\\", \\"tenant\\"]."
  claim: [String!]!
  "The claim is one of these."
  oneOf: [String!]
  "The claim is a list, and has this in it."
  contains: String
  "The claim is there. Only true may be written."
  exists: Boolean
}

"An alternative within a rule; its arguments mean what those of @${names.auth} mean, and must all hold."
input ${types.rule} {
  scope: [String!]
  claims: [${types.claim}!]
  owner: String
  policy: [String!]
  maxAge: Int
  acr: [String!]
}

"A root field that is open on purpose. It waives nothing but the duty of a root field to carry a rule."
directive @${names.public} on FIELD_DEFINITION

"A secret: never logged, traced or echoed, and never taken as a literal in query text."
directive @${names.sensitive} on ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | FIELD_DEFINITION
`;
}

/** The directives under their usual names, in SDL. */
export const authDirectives: string = directivesSdl(usualNames);

/**
 * The directives under names of the team's own, in SDL, for tools that read the schema without `createGuardedSchema`: editors, code
 * generation.
 *
 * @param names - what `directives` of `createGuardedSchema` is
 */
export function authDirectivesNamed(names: DirectiveNames): string {
  return directivesSdl(namesOf(names));
}
