import { quoted, writeCaller } from './rule-callers.ts';
import type { RuledCases } from './rule-cases.ts';

/** The test runners for which a test file can be written, with the module of `describe` and `it`. */
export const runners = { node: 'node:test', vitest: 'vitest', jest: '@jest/globals' } as const;

/** The name of a test runner. */
export type Runner = keyof typeof runners;

/** The parts of a test file that depend on the project. */
export interface RuleTestFileOptions {
  /** The module that has the functions of `claimgate/testing`. */
  readonly from: string;
  /** Further exports of this module that the expressions below need. */
  readonly names: readonly string[];
  /** The import statements that the expressions below need. */
  readonly imports: readonly string[];
  /** The expression of the guarded schema. It may use `await`. */
  readonly schema: string;
  /** The expression of the names of the modules whose rules are tested. Default: all modules. */
  readonly modules?: string;
  readonly runner: Runner;
  /** Whether the file is TypeScript. Otherwise it is JavaScript. */
  readonly isTyped: boolean;
  /** The command that writes the file again. */
  readonly command: string;
}

/**
 * Writes a test file with a test for each caller of each guarded element. The file names the callers and the decisions.
 * Therefore a test fails if a rule is removed or changed later.
 *
 * @param elements - from `ruleCases`
 */
export function ruleTestFile(
  elements: readonly RuledCases[],
  { from, names, imports, schema, modules, runner, isTyped, command }: RuleTestFileOptions,
): string {
  const usesAgo = elements.some(({ cases }) =>
    cases.some(({ caller }) => caller?.authenticatedSecondsAgo !== undefined),
  );
  const rows = elements.flatMap(({ coordinate, requires, cases, isPartial }) => [
    `  // Requires ${oneLine(requires)}.${isPartial ? ' Not every alternative has a caller here.' : ''}`,
    ...cases.map(({ caller, decision }) => `  [${quoted(coordinate)}, ${quoted(decision)}, ${writeCaller(caller)}],`),
  ]);
  const imported = ['as', 'decisionAt', 'guardedCoordinates', ...names, ...(isTyped ? ['type TestCaller'] : [])];
  return `${[
    `// Written by: ${oneLine(command)}`,
    '// Keep this file. A test fails if a rule is removed or changed. If you changed a rule on purpose, write the file',
    '// again, and review the difference.',
    "import assert from 'node:assert/strict';",
    `import { describe, it } from '${runners[runner]}';`,
    `import { ${imported.join(', ')} } from '${from}';`,
    ...imports,
    '',
    ...(usesAgo
      ? [`const ago = (seconds${isTyped ? ': number' : ''}) => new Date(Date.now() - seconds * 1_000);`, '']
      : []),
    `const guarded = ${schema};`,
    '',
    '// The decision before a resolver runs. depends: no rule denies, and an owner or a policy decides.',
    ...(isTyped ? ["type Case = readonly [string, 'allow' | 'deny' | 'depends', TestCaller | null];"] : []),
    `const cases${isTyped ? ': readonly Case[]' : ''} = [`,
    ...rows,
    '];',
    '',
    "describe('the rules of the schema', () => {",
    '  for (const [coordinate, decision, caller] of cases) {',
    "    it(`${coordinate}: ${decision} for ${caller === null ? 'no token' : JSON.stringify(caller)}`, () => {",
    '      assert.equal(decisionAt(guarded, coordinate, as(caller)), decision);',
    '    });',
    '  }',
    '',
    "  it('have a test for each guarded element', () => {",
    '    const tested = new Set(cases.map(([coordinate]) => coordinate));',
    `    const guardedNow = guardedCoordinates(guarded${modules === undefined ? '' : `, ${modules}`});`,
    '    assert.deepEqual(guardedNow.filter((coordinate) => !tested.has(coordinate)), []);',
    '  });',
    '});',
  ].join('\n')}\n`;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{C}\u2028\u2029]+/gu, ' ');
}
