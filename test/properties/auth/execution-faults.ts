import type { Fault } from './old-faults.ts';

/** Which comparison finds a fault of the executor of known documents. `executor-odd`: the one with odd values. */
export type Finder = 'model' | 'executor' | 'executor-odd';

/** Faults of compiled selections and of the interpreter. The guard in the schema has none. */
export const executionFaults: Readonly<Record<Finder, Readonly<Record<string, Fault>>>> = {
  model: {
    'a compiled selection reads a property without its rules': [
      'execute/compile/code.ts',
      'direct === null || direct.rules.length === 0\n',
      'direct === null || direct.rules.length >= 0\n',
    ],
    'a compiled selection keeps the decisions of its first execution': [
      [
        'execute/compile/code.ts',
        `return (run, source, path) => {
  const { context, caller } = run;`,
        `let first = null;
return (run, source, path) => {
  const { context, caller } = run;
  first ??= run;`,
      ],
      ['execute/compile/code.ts', '((run.allowed & bit${at}) !== 0', '((first.allowed & bit${at}) !== 0'],
    ],
    'the code of a selection executes another selection of the same type': [
      [
        'execute/compile/compile.ts',
        'return make(selection, steps);',
        'return (made[selection.type.name] ??= make(selection, steps));',
      ],
      [
        'execute/compile/compile.ts',
        'let compiled = 0;',
        'let compiled = 0; const made: Record<string, ExecuteSelection> = {};',
      ],
    ],
    'the executor asks no guard for the type of a value': [
      'execute/complete-object.ts',
      'type.resolveType ?? defaultTypeResolver',
      'defaultTypeResolver',
    ],
  },
  executor: {
    'a compiled selection reads the decision of another field': [
      'execute/compile/code.ts',
      'bitOf(field${at}.index)',
      'bitOf(${at})',
    ],
    'a compiled selection does not compare the caller with the one at the beginning': [
      'execute/compile/code.ts',
      'context.principal === caller',
      'true',
    ],
    'the interpreter does not compare the caller with the one at the beginning': [
      'execute/run.ts',
      '#allows(field.index, direct) && this.#hasSameCaller()',
      '#allows(field.index, direct)',
    ],
    'the fields behind the last one with code are left out': [
      'execute/compile/code.ts',
      'const isWhole = compiled.length === fields.length;',
      'const isWhole = compiled.length >= 0;',
    ],
    'a null in a compiled selection makes its object null': [
      'execute/compile/code.ts',
      "else if (done === null) text += 'null';",
      "else if (done === null) return 'null';",
    ],
    'a compiled selection does not wait for a promise': [
      'execute/compile/code.ts',
      "else return executeFrom(run, selection, source, path, ${at + 1}, '', groupOf(run, text, done));",
      "else text += 'null';",
    ],
    'the fields in front of a promise are left out': [
      'execute/compile/code.ts',
      'groupOf(run, text, done)',
      "groupOf(run, '{', done)",
    ],
    'an error in a compiled selection has the path without the item of its list': [
      'execute/compile/code.ts',
      '? `    done = executeField(run, field${at}, source, path);`',
      '? `    done = executeField(run, field${at}, source, path?.prev ?? path);`',
    ],
    'each item of a list has the path of the first one': [
      'execute/complete-value.ts',
      'key: index, typename',
      'key: 0, typename',
    ],
  },
  'executor-odd': {
    'a compiled selection writes a text without its escapes': [
      'execute/compile/code.ts',
      "text: `typeof value === 'string' && needsNoEscape(value)`",
      "text: `typeof value === 'string'`",
    ],
    'a compiled selection writes an Int of more than 32 bits': [
      'execute/compile/code.ts',
      '(value | 0) === value',
      'Number.isInteger(value)',
    ],
    'a compiled selection reads an error of a getter as null': [
      'execute/compile/code.ts',
      'value = new Unreadable(error);',
      'value = null;',
    ],
    'an error of a getter is read as null': [
      'execute/read-property.ts',
      'return new Unreadable(error);',
      'return null;',
    ],
    'a property of a function is not read': ['execute/read-property.ts', "&& typeof source !== 'function'", ''],
    'a type need not be a possible one': [
      'execute/runtime-type.ts',
      'if (!schema.isSubType(abstractType, type)) {',
      'if (!schema.getType(type.name)) {',
    ],
  },
};
