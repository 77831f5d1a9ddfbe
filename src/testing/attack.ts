import type { GraphQLSchema } from 'graphql';
import type { GuardedSchema, GuardedSchemaOptions } from '../auth/guarded-schema.ts';
import { createGuardedSchema } from '../auth/schema.ts';
import type { Principal } from '../principal.ts';
import { checkOptions, optionsOf } from '../protocol/options/check-options.ts';
import { aBoolean, aFunction, aString, bound, expectsKind, strings } from '../protocol/options/kinds.ts';
import { membersOf, type Settings } from '../protocol/options/object.ts';
import { isRecord } from '../protocol/record.ts';
import { runAttack } from '../tools/attack/attack.ts';
import type { MakePrincipal } from '../tools/attack/callers/persona.ts';
import { mintedPersonas } from '../tools/attack/callers/short-of.ts';
import { inProcess } from '../tools/attack/endpoints/in-process.ts';
import { recordedOptions } from '../tools/attack/endpoints/recorded-schema.ts';
import type { Examples } from '../tools/values/values.ts';
import type { AttackReport } from '../tools/attack/report/findings.ts';
import { createJudge } from '../tools/attack/verdict/judge.ts';
import { faultsOfChosen } from '../tools/attack/elements.ts';
import { sourceOfSdl } from '../tools/source/sdl.ts';
import { testIssuer } from './issuer.ts';
import { StartError } from '../errors.ts';
import { refuseInProduction } from './production.ts';

/** The part of a guarded schema that an attack needs. */
type Guarded = Pick<GuardedSchema, 'schema' | 'rules' | 'decideOperation'>;

/**
 * What is attacked: the options of `createGuardedSchema`, a guarded schema, or an executable schema that another guard
 * protects. Only with the options, the attack sees which resolvers run, and decides what owners and policies answer.
 */
export type AttackedSchema = GuardedSchemaOptions | Guarded | GraphQLSchema;

/** The options of `attack`. */
export interface AttackOptions {
  /** The SDL with the rules, for a schema that another guard protects: with `@auth`, or with Apollo's directives. */
  readonly rules?: string;
  /** Values of arguments and input fields by coordinate, and of scalars by name. Default: values of their types. */
  readonly examples?: Examples;
  /** Chooses which callers go which way. Default 1. */
  readonly seed?: number;
  /** Whether the resolvers of mutations are called. Default `false`. */
  readonly runMutations?: boolean;
  /** Makes the context of a caller. Default: `{ principal }`. */
  readonly context?: (principal: Principal) => object;
  /** Makes the guarded schema of its options. Default: `createGuardedSchema`. */
  readonly createSchema?: (options: GuardedSchemaOptions) => Guarded;
  /** The coordinates of the elements that are attacked. Default: every element with a rule. */
  readonly only?: readonly string[];
  /** The number of ways in after which the attack ends. Default: it ends after all elements. */
  readonly stopAfter?: number;
  /** Called before each element with a rule. Default: no-op. */
  readonly onProgress?: (done: number, of: number) => void;
}

const settings: Settings<AttackOptions> = {
  rules: { check: aString },
  examples: { check: expectsKind('an object of values by coordinate', isRecord) },
  seed: { check: expectsKind('an integer', Number.isSafeInteger) },
  runMutations: { check: aBoolean },
  context: { check: aFunction },
  createSchema: { check: aFunction },
  only: { check: strings },
  stopAfter: { check: bound('ways in', { from: 1 }) },
  onProgress: { check: aFunction },
};

const checkAttackOptions = optionsOf<AttackOptions>(settings);

/**
 * Attacks the rules of a schema. It asks for each element with a rule in every way that GraphQL has, with callers who lack
 * one part of the rule, and reports each value and each resolver that such a caller reaches. The verdict follows from the
 * rules alone. It calls the resolvers of queries and subscriptions. Resolvers of mutations are replaced.
 *
 * @returns the ways in, and each element that was not tried, with the reason
 * @throws {StartError} with each fault of the options or of the schema
 * @throws {Error} with `NODE_ENV=production`
 */
export async function attack(attacked: AttackedSchema, options: AttackOptions = {}): Promise<AttackReport> {
  refuseInProduction('attack');
  checkOptions('attack', options, checkAttackOptions);
  const given = { examples: {}, seed: 1, runMutations: false, ...membersOf(settings, options) };
  const { examples, seed, runMutations, rules: sdl, only, stopAfter, onProgress } = given;
  const { createSchema = createGuardedSchema, context = (principal: Principal) => ({ principal }) } = given;
  const isOptions = !('decideOperation' in attacked) && !('getTypeMap' in attacked);
  const guarded = isOptions ? createSchema(recordedOptions(attacked, runMutations)) : attacked;
  const executed = 'decideOperation' in guarded ? guarded : { schema: guarded };
  const source =
    'rules' in guarded && sdl === undefined
      ? { name: 'the schema', rules: guarded.rules }
      : sourceOfSdl('rules', [{ name: 'rules', text: sdl ?? '' }]);
  const faults = faultsOfChosen(source.rules, only);
  if (faults.length > 0) throw new StartError(faults.map((fault) => `only: ${fault}`));
  const clock = (isOptions ? attacked.clock : undefined) ?? Date.now;
  const endpoint = inProcess({ ...executed, isRecorded: isOptions, runsMutations: runMutations, context });
  const judge = createJudge(source.rules, endpoint.knowsAnswers, clock);
  const personas = mintedPersonas(judge, callersOfIssuer(clock), clock);
  return runAttack({ source, endpoint, judge, personas, examples, seed, only, stopAfter, onProgress });
}

/** Makes the principals of the tokens that an issuer in memory issues. */
function callersOfIssuer(clock: () => number): MakePrincipal {
  const issuer = testIssuer({ clock });
  return (caller) => {
    if (caller === null) return issuer.as(null);
    const { authenticatedSecondsAgo: ago, ...others } = caller;
    return issuer.as({ ...others, ...(ago !== undefined && { authenticatedAt: Math.floor(clock() / 1_000) - ago }) });
  };
}
