/**
 * Returns the message of a fault for a caller who is not allowed to read the schema. From a known message of
 * graphql-js, it keeps the part that has only names of the document. It replaces every other message by a general one.
 *
 * @param message - must hold no value of the request
 * @param code - the code of the error
 */
export function briefMessage(message: string, code: unknown): string {
  for (const [pattern, brief] of known) {
    const match = pattern.exec(message);
    if (match) return brief === undefined ? match[0] : match[0].replace(pattern, brief);
  }
  return (typeof code === 'string' ? generalMessages[code] : undefined) ?? 'The request is not valid.';
}

const generalMessages: Readonly<Record<string, string>> = {
  GRAPHQL_PARSE_FAILED: 'Syntax Error.',
  GRAPHQL_VALIDATION_FAILED: 'The document is not valid.',
  BAD_USER_INPUT: 'An argument or a variable has an invalid value.',
};

/**
 * Patterns for messages of graphql-js, each with the text that replaces the match. Without a replacement, the match is
 * kept. A kept name is always a name in the document.
 */
const known: readonly (readonly [pattern: RegExp, brief?: string])[] = [
  [/^Syntax Error: .*$/s], // After redaction, only tokens of the document are left.
  [/^Too many validation errors, error limit reached\. Validation aborted\.$/],
  [/^Too many errors processing variables, error limit reached\. Execution aborted\.$/],
  [/^Maximum introspection depth exceeded$/],
  [/^GraphQL introspection has been disabled, but the requested query contained the field "__(schema|type)"\.$/],

  // Operations and fragments.
  [/^This anonymous operation must be the only defined operation\.$/],
  [/^Must provide (an operation|operation name if query contains multiple operations)\.$/],
  [/^Unknown operation named "\w+"\.$/],
  [/^Schema is not configured to execute \w+ operation\.$/],
  [/^(Subscription "\w+"|Anonymous Subscription) must (not )?select [\w ]+\.$/],
  [/^The (schema|"\w+"|\w+) definition is not executable\.$/],
  [/^There can be only one (operation|fragment|variable|argument|input field) named "\$?\w+"\.$/],
  [/^Unknown (fragment|type) "\w+"\./],
  [/^Fragment "\w+" is never used\.$/],
  [/^Cannot spread fragment "\w+" within itself( via ("\w+"(, )?)+)?\.$/],
  [/^Fragment( "\w+")? cannot condition on non composite type "\w+"\.$/],
  [/^(Fragment(?: "\w+")? cannot be spread here) .*$/s, '$1.'],

  // Fields, arguments and directives.
  [/^(Cannot query field "\w+") on type .*$/s, '$1.'],
  [/^(Field "\w+") of type .* must have .*$/s, '$1 must have a selection of subfields.'],
  [/^(Field "\w+" must not have a selection) since .*$/s, '$1 of subfields.'],
  [
    /^(Fields "\w+" conflict) because .*$/s,
    '$1. Use different aliases on the fields to fetch both if this was intentional.',
  ],
  [/^(Unknown argument "\w+") on field .*$/s, '$1.'],
  [/^Unknown argument "\w+" on directive "@\w+"\./],
  [/^(Field "\w+") argument .*$/s, '$1 lacks an argument that is required.'],
  [/^(Directive "@\w+") argument .*$/s, '$1 lacks an argument that is required.'],
  [/^(Field "\w+" is not defined) by type .*$/s, '$1.'],
  [/^Unknown directive "@\w+"\.$/],
  [/^Directive "@\w+" may not be used on [A-Z_]+\.$/],
  [/^The directive "@\w+" can only be used once at this location\.$/],

  // Variables. The document itself names their types.
  [/^Variable "\$\w+" is (not defined|never used)( (by|in) operation "\w+")?\.$/],
  [/^Variable "\$\w+" cannot be non-input type "[\w[\]!]+"\.$/],
  [/^Variable "\$\w+" expected value of type "[\w[\]!]+" which cannot be used as an input type\.$/],
  [
    /^(Variable "\$\w+" of type "[\w[\]!]+") used in position expecting .*$/s,
    '$1 is used where another type is expected.',
  ],
  [/^(Variable "\$\w+" is of type "[\w[\]!]+" but must be non-nullable) .*$/s, '$1 where it is used.'],
  [/^Variable "\$\w+" of (required|non-null) type "[\w[\]!]+" (was not provided|must not be null)\.$/],
  [/^(Variable "\$\w+" has an invalid value).*$/s, '$1.'],
];
