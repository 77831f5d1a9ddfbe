/**
 * The exports of `claimgate/testing`: callers, tokens, an issuer in memory, and an executor, for the tests of a team.
 * The functions make principals that no issuer has authenticated. Therefore they are not exports of `claimgate`, and
 * they throw with `NODE_ENV=production`. Import this module only in the files of tests.
 */
export {
  attack,
  type AttackedSchema,
  type AttackOptions,
} from './testing/attack.ts';
export type { AttackReport, NotTried, WayIn } from './tools/attack/report/findings.ts';
export { ask, type AskedSchema, type TestAnswer } from './testing/ask.ts';
export type { BoundToken } from './testing/bound.ts';
export type { TestCaller } from './testing/caller.ts';
export { type TestClock, testClock } from './testing/clock.ts';
export { type AnswerWithErrors, denied, type DeniedBecause, type DeniedElement } from './testing/denied.ts';
export { type TestIssuer, testIssuer, type TestIssuerOptions } from './testing/issuer.ts';
export { as } from './testing/principal.ts';
export { type StartedIssuer, startTestIssuer } from './testing/started-issuer.ts';
export { decisionAt, guardedCoordinates } from './testing/rules/decision.ts';
export type { RuledSchema } from './testing/rules/guarded-elements.ts';
export { ruleTests, type RuleTestsOptions } from './testing/rules/rule-tests.ts';
