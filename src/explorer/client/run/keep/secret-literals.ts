/** A document whose secret literals are empty. */
export interface KeptDocument {
  readonly document: string;
  /** The names of the arguments, input fields and variables whose literals were left out. */
  readonly omitted: readonly string[];
}

/** What decides whether a literal is secret. */
export interface LiteralSecrecy {
  /** Whether every literal of an argument or input field with this name may be secret. */
  readonly isSecretName: (name: string) => boolean;
  /** Whether the default value of a variable may be secret. */
  readonly isSecretVariable: (name: string) => boolean;
  /** Whether no literal text can be judged, so that all of them are secret. */
  readonly isUnknown: boolean;
}

/**
 * The parts of a document that are read here: comments, strings, numbers, names and punctuation. All other text is
 * skipped. A string may have no end, because the person is still typing.
 */
const parts = /#[^\n\r]*|"""(?:\\"""|[^])*?(?:"""|$)|"(?:[^"\\\n\r]|\\.)*"?|-?\d[\w.+-]*|[_A-Za-z]\w*|[$:(){}[\]]/g;

/**
 * Empties the literals that may be secret: strings and numbers that belong to an argument, an input field or a variable
 * with the name of a secret, at any depth. The rest of the document is not changed.
 *
 * The document need not be valid, because it is kept while a person types.
 */
export function withoutSecretLiterals(document: string, secrecy: LiteralSecrecy): KeptDocument {
  const omitted = new Set<string>();
  /** The secret name around each open bracket; null: none. */
  const around: (string | null)[] = [];
  /** The last name. */
  let name = '';
  let isAfterDollar = false;
  /** Whether the last part is the name of a variable. */
  let isVariable = false;
  /** The name in front of the last colon, if it may be secret. */
  let secret: string | null = null;
  /** The variable whose definition is being read, if it may be secret. */
  let variable: string | null = null;
  const kept = document.replaceAll(parts, (part) => {
    const first = part.charAt(0);
    if (first === '#') return part;
    if (first === '"' || /[-\d]/.test(first)) {
      const owner = secret ?? around.at(-1) ?? variable;
      if (owner === null && !(secrecy.isUnknown && first === '"')) return part;
      omitted.add(owner ?? (name || 'a text'));
      return first === '"' ? '""' : '0';
    }
    if (/\w/.test(first)) {
      name = part;
      secret = null;
    } else if (first === ':') {
      // Only the definition of a variable has a colon after its name.
      if (isVariable) variable = secrecy.isSecretVariable(name) ? name : null;
      else secret = secrecy.isSecretName(name) ? name : null;
    } else if (first === '$') {
      variable = null;
    } else if ('([{'.includes(first)) {
      around.push(secret ?? around.at(-1) ?? null);
      secret = null;
    } else {
      around.pop();
      secret = null;
      // The end of the list of variables.
      if (first === ')') variable = null;
    }
    isVariable = isAfterDollar;
    isAfterDollar = first === '$';
    return part;
  });
  return { document: kept, omitted: [...omitted] };
}
