import type { FieldPlan, ScalarForm } from '../prepare/query-plan.ts';

/**
 * The most fields of a selection that have code. `executeFrom` executes the fields behind them. V8 keeps code of more
 * than 16,383 characters after its last use (`test/auth/execute/compile-memory.test.ts`).
 */
export const maxCompiledFields = 13;

/**
 * Returns the body of a function that returns the compiled function of a selection. The code depends only on the kinds
 * of the fields. It contains no name and no other text of the schema or of the caller: these are values of its
 * constants.
 *
 * It has one statement for the reading of each property. V8 executes it faster than one statement that reads all of
 * them. The name of the property is a constant and not a part of the code, because V8 reads the rows of `node:sqlite`
 * much more slowly by a name in the code.
 */
export function codeOf(fields: readonly FieldPlan[]): string {
  const compiled = fields.slice(0, maxCompiledFields);
  const isWhole = compiled.length === fields.length;
  return `'use strict';
const { fields } = selection;
const { executeField, executeProperty, executeFrom, groupOf, needsNoEscape, Unreadable, bitOf } = steps;
${compiled.map(constantsOf).join('\n')}
return (run, source, path) => {
  const { context, caller } = run;
  let text = '', lacksQuote = false, value, done;
${compiled.map(statementsOf).join('\n')}
  if (lacksQuote) text += '"';
  return ${isWhole ? `text + '}'` : `executeFrom(run, selection, source, path, ${maxCompiledFields}, text, null)`};
};`;
}

/** Declares what the statements of a field use. */
function constantsOf({ constant, property }: FieldPlan, at: number): string {
  const lines = [`const field${at} = fields[${at}], { plain: plain${at}, quote: quote${at} } = field${at}.prefixes;`];
  if (constant !== null) lines.push(`const constant${at} = field${at}.constant;`);
  else if (property !== null) {
    lines.push(
      `const { quoted: quoted${at}, quoteAndQuoted: quoteAndQuoted${at} } = field${at}.prefixes;`,
      `const { name: name${at}, definition: definition${at}, resolve: resolve${at}, property: property${at} } = field${at};`,
      `const { type: type${at}, serialize: serialize${at} } = property${at}, bit${at} = bitOf(field${at}.index);`,
    );
  }
  return lines.join('\n');
}

/** Executes a field, and adds its prefix and its value to `text`. If it is not settled, `executeFrom` goes on. */
function statementsOf({ constant, property, direct }: FieldPlan, at: number): string {
  const prefix = `text += lacksQuote ? quote${at} : plain${at}; lacksQuote = false;`;
  if (constant !== null) return `  ${prefix} text += constant${at};`;
  // This is the test of `run.runsDirectly`, written out: V8 then executes it faster than a call.
  const mayRead =
    direct === null || direct.rules.length === 0
      ? ''
      : ` && ((run.allowed & bit${at}) !== 0 ? context.principal === caller : run.runsDirectly(field${at}))`;
  const execute =
    property === null || direct === null
      ? `    done = executeField(run, field${at}, source, path);`
      : `    if (definition${at}.resolve === resolve${at}${mayRead}) {
      try { value = source[name${at}]; } catch (error) { value = new Unreadable(error); }
      if (${usual[property.form]} && type${at}.serialize === serialize${at}) {
        ${property.form === 'text' ? `text += lacksQuote ? quoteAndQuoted${at} : quoted${at}; lacksQuote = true;` : prefix}
        text += value;
        break at${at};
      }
      done = executeProperty(run, field${at}, property${at}, source, path, value);
    } else done = executeField(run, field${at}, source, path);`;
  return `  at${at}: {
${execute}
    ${prefix}
    if (typeof done === 'string') text += done;
    else if (done === null) text += 'null';
    else return executeFrom(run, selection, source, path, ${at + 1}, '', groupOf(run, text, done));
  }`;
}

/** For each form, the test of the values that are written at once. */
const usual: Readonly<Record<ScalarForm, string>> = {
  text: `typeof value === 'string' && needsNoEscape(value)`,
  integer: `typeof value === 'number' && (value | 0) === value`,
  number: `typeof value === 'number' && Number.isFinite(value)`,
  boolean: `typeof value === 'boolean'`,
};
