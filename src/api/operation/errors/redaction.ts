import { GraphQLError, Kind } from 'graphql';

/**
 * Returns the message of an error of graphql-js about a value in a request, without the value.
 *
 * graphql-js repeats string tokens, literals and variables in its messages. In a malformed request, the server does not
 * know which value is a secret. Therefore the message repeats no value. Names of the schema, paths and locations show
 * the place of the fault.
 *
 * @returns `null` for an error that is not about a value. Its message repeats no value
 */
export function redactedMessage(error: GraphQLError): string | null {
  const { message } = error;
  if (error.path) return error.originalError instanceof GraphQLError ? argumentMessage(message) : null;
  if (message.startsWith('Syntax Error')) return syntaxMessage(message);
  if (message.startsWith('Argument "')) return argumentMessage(message);
  const [node] = error.nodes ?? [];
  // An error of validation without a node was thrown by a scalar. Its message can hold any text.
  if (!node && error.extensions['code'] === 'GRAPHQL_VALIDATION_FAILED') return valueMessage(message);
  if (node?.kind === Kind.VARIABLE_DEFINITION) return variableMessage(node.variable.name.value, error);
  return node && literals.has(node.kind) ? valueMessage(message) : null;
}

const literals: ReadonlySet<Kind> = new Set([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
  Kind.OBJECT_FIELD,
]);

/**
 * Redacts the messages of the parser and the lexer: `Expected <of the grammar>, found <token>.`, `Unexpected <token>.`
 * and messages that quote the source.
 */
function syntaxMessage(message: string): string {
  const head = /^Syntax Error: (Expected [^,]{1,40}, found |Unexpected )/;
  const token = /(<EOF>|"[!$&()=:@[\]{|}.]{1,3}"|Name|Int|Float|String|BlockString)/;
  const known =
    new RegExp(head.source + token.source).exec(message) ??
    /^Syntax Error: Document contains/.exec(message) ??
    invisible(message);
  if (!known) return 'Syntax Error.';
  return known[0].endsWith('contains') ? 'Syntax Error: Document contains too many tokens.' : `${known[0]}.`;
}

/**
 * Matches the message about an invisible character. Spaces and quotation marks of word processors count too. Null for
 * any other message. Any other character could be part of a secret.
 */
function invisible(message: string): RegExpExecArray | null {
  const found = /^Syntax Error: (?:Invalid|Unexpected) character: U\+([0-9A-F]{4,5})(?=\.)/.exec(message);
  const character = String.fromCodePoint(Number.parseInt(found?.[1] ?? '0', 16));
  return /[\p{Z}\p{Cc}\p{Cf}\u2018-\u201F]/u.test(character) ? found : null;
}

/**
 * Redacts the messages of execution about arguments with variables. Validation cannot check these arguments. Null for
 * any other message.
 */
function argumentMessage(message: string): string | null {
  const [, name] = /^Argument "(\w+)" has invalid value /.exec(message) ?? [];
  if (name !== undefined) return `Argument "${name}" has an invalid value.`;
  return /^Argument "\w+" of (required|non-null) type "[\w[\]!]+" (was (not )?provided|must not be null)/.test(message)
    ? message
    : null;
}

/**
 * Redacts `Variable "$v" got invalid value <value> at "v.path"; <reason>`. The reason is the message of the original
 * error.
 */
function variableMessage(name: string, error: GraphQLError): string {
  const head = `Variable "$${name}"`;
  if (!error.message.startsWith(`${head} got invalid value `)) return error.message;
  const reason = error.originalError?.message ?? '';
  const tail = `; ${reason}`;
  const before = error.message.endsWith(tail) ? error.message.slice(0, -tail.length) : '';
  // The pattern is anchored at the end. No printed value can match it, because quotation marks within strings are
  // escaped.
  const [at = ''] = / at "\w+(\.\w+|\[\d+\])+"$/.exec(before) ?? [];
  return `${head} has an invalid value${at}: ${valueMessage(reason)}`;
}

/**
 * The parts of graphql-js messages about values. Except where a comment says otherwise, their names come from the
 * schema.
 */
const valueMessages: readonly RegExp[] = [
  /^Field "\w+(\.\w+)?" of required type "[\w[\]!]+" was not provided\.$/,
  // The first name comes from the caller. Secrets, such as codes, tokens and verifiers of RFC 7636, are longer.
  /^Field "\w{1,32}" is not defined by type "\w+"/,
  /^Field "\w+(\.\w+)?" must be non-null\.$/,
  /^Too many validation errors, error limit reached\. Validation aborted\.$/,
  /^Expected non-nullable type "[\w[\]!]+" not to be null\.$/,
  /^Expected (value of )?type "[\w[\]!]+"( to be an object)?/,
  /^Exactly one key must be specified for OneOf type "\w+"\.$/,
  /^OneOf Input Object "\w+" must specify exactly one key\.$/,
  /^Variable "\$\w+" must be non-nullable to be used for OneOf Input Object "\w+"\.$/,
  /^(String|Int|Float|Boolean|ID) cannot represent (a )?non[a-z0-9 -]{1,40} value/,
  /^Enum "\w+" cannot represent non-(enum|string) value/,
  /^DateTime cannot represent a value that is not in the format of RFC 3339$/,
];

function valueMessage(message: string): string {
  const [, enumName] = /^Value ".*" does not exist in "(\w+)" enum\./s.exec(message) ?? [];
  if (enumName !== undefined) return `The value does not exist in "${enumName}" enum.`;
  for (const pattern of valueMessages) {
    const [known] = pattern.exec(message) ?? [];
    if (known !== undefined) return known.endsWith('.') ? known : `${known}.`;
  }
  return 'The value is not of the expected type.';
}

/**
 * Removes names from a message if they could be secrets. Two of five random values of 256 bits in base64url are valid
 * GraphQL names. A person rarely chooses a name of more than 32 characters with a digit.
 */
export function withoutSecretNames(message: string): string {
  return message.replace(/\w{33,}/g, (name) => (/\d/.test(name) ? '…' : name));
}
