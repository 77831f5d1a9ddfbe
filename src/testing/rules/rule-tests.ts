import { checkOptions, optionsOf } from '../../protocol/options/check-options.ts';
import { aBoolean, aString, expectsKind, strings } from '../../protocol/options/kinds.ts';
import { membersOf, type Settings } from '../../protocol/options/object.ts';
import { rulesOf } from './decision.ts';
import type { RuledSchema } from './guarded-elements.ts';
import { ruleCases } from './rule-cases.ts';
import { ruleTable } from './rule-table.ts';
import { type Runner, runners, ruleTestFile } from './rule-test-file.ts';

/** The options of `ruleTests`. */
export interface RuleTestsOptions {
  /** The import statements of the test file, for example `import { guarded } from '../src/api.ts';`. */
  readonly imports: readonly string[];
  /** The expression of the guarded schema in the test file. It may use `await`. Default `guarded`. */
  readonly schema?: string;
  /** The test runner. Default `node`. */
  readonly runner?: Runner;
  /** Whether the file is TypeScript. Default `true`. */
  readonly typescript?: boolean;
}

const settings: Settings<RuleTestsOptions> = {
  imports: { check: strings, required: true },
  schema: { check: aString },
  runner: {
    check: expectsKind(
      `one of ${Object.keys(runners).join(', ')}`,
      (value) => typeof value === 'string' && Object.hasOwn(runners, value),
    ),
  },
  typescript: { check: aBoolean },
};

const checkRuleTestsOptions = optionsOf<RuleTestsOptions>(settings);

/**
 * Finds callers whom each rule of a schema lets in and denies, and writes them as a table for people and as a test file to
 * keep. `claimgate check --tests` does this for a server. It runs no resolver and writes no file.
 *
 * @throws {StartError} with each fault of the options
 */
export function ruleTests(
  guarded: RuledSchema,
  options: RuleTestsOptions,
): { readonly table: string; readonly file: string } {
  checkOptions('ruleTests', options, checkRuleTestsOptions);
  const given = { schema: 'guarded', runner: 'node', typescript: true, ...membersOf(settings, options) } as const;
  const { imports, schema, runner, typescript: isTyped } = given;
  const elements = ruleCases(guarded, rulesOf());
  const command = 'ruleTests of claimgate/testing';
  const from = 'claimgate/testing';
  return {
    table: ruleTable(elements),
    file: ruleTestFile(elements, { from, names: [], imports, schema, runner, isTyped, command }),
  };
}
