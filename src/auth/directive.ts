/**
 * The directives of Claimgate, in SDL: `createGuardedSchema` adds them to every schema, so that a module only uses them.
 *
 * It declares what is enforced and nothing else: any other argument or place is an error of the schema, at start.
 */
export const authDirectives = `"""
Only a caller with a valid access token that has the scopes may read this. A rule on a type holds wherever a value of the
type is produced, and on a root operation type for each of its fields; a rule on an interface's field holds for every
implementer. Rules that meet must all hold.
"""
directive @auth(
  """
  Alternatives, each an OAuth scope string (RFC 6749 §3.3): "a b" needs both, ["a b", "c"] needs (a and b) or c.
  Left out: any valid access token will do.
  """
  scope: [String!]
) repeatable on OBJECT | FIELD_DEFINITION

"A root field that is open on purpose. It waives nothing but the duty of a root field to carry a rule."
directive @public on FIELD_DEFINITION

"A secret: never logged, traced or echoed, and never taken as a literal in query text."
directive @sensitive on ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | FIELD_DEFINITION
`;

/** The names that only Claimgate may define. */
export const directiveNames: ReadonlySet<string> = new Set(['auth', 'public', 'sensitive']);
