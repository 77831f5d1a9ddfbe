import { resolve } from 'node:path';
import { isRecord } from '../../protocol/record.ts';
import { personaPrincipal } from '../../testing/persona-principal.ts';
import { type Attack, runAttack } from '../../tools/attack/attack.ts';
import { faultsOfChosen } from '../../tools/attack/elements.ts';
import { mintedPersonas } from '../../tools/attack/callers/short-of.ts';
import { inProcess } from '../../tools/attack/endpoints/in-process.ts';
import { recordedOptions, recordedSource } from '../../tools/attack/endpoints/recorded-schema.ts';
import type { Examples } from '../../tools/values/values.ts';
import type { AttackReport } from '../../tools/attack/report/findings.ts';
import { attackJson } from '../../tools/attack/report/json.ts';
import { attackJunit } from '../../tools/attack/report/junit.ts';
import { attackSarif } from '../../tools/attack/report/sarif.ts';
import { attackText } from '../../tools/attack/report/text.ts';
import { createJudge } from '../../tools/attack/verdict/judge.ts';
import { readText } from '../../tools/source/text.ts';
import { placeOf, type RuleSource, sourceOfGuarded } from '../../tools/source/rule-source.ts';
import { Misuse } from '../misuse.ts';
import { serverAttack } from './attacked-server.ts';
import { ask } from './command.ts';
import type { AskContext } from './context.ts';
import { projectWith, sourceNamed } from './project.ts';

/** What an attack needs besides its examples, its seed and its progress. */
type Attacked = Pick<Attack, 'endpoint' | 'judge' | 'personas'> & { readonly source: RuleSource };

/**
 * Attacks the rules of a schema, and prints each way in.
 *
 * @returns the exit code: 0 no way in, 1 at least one, 2 wrong usage
 */
export function attack(args: readonly string[]): Promise<number> {
  const options = {
    examples: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string', multiple: true },
    'run-mutations': { type: 'boolean', default: false },
    sarif: { type: 'boolean', default: false },
    junit: { type: 'boolean', default: false },
    url: { type: 'string' },
    token: { type: 'string', multiple: true },
  } as const;
  return ask('attack', options, args, async (context) => {
    const { words, option, all, flag, write, progress } = context;
    const [extra] = words;
    if (extra !== undefined) throw new Misuse(`expected no argument beside the options; found ${extra}`);
    if (['json', 'sarif', 'junit'].filter(flag).length > 1) {
      throw new Misuse('--json, --sarif, --junit: expected one of them');
    }
    const url = option('url');
    if (url === undefined && all('token').length > 0) throw new Misuse('--token: expected --url too');
    const seed = seedOf(option('seed'));
    const examples = await examplesOf(option('examples'));
    const attacked = url === undefined ? await inThisProcess(context) : await serverAttack(url, context);
    const only = all('only').length > 0 ? all('only') : undefined;
    const [fault] = faultsOfChosen(attacked.source.rules, only);
    if (fault !== undefined) throw new Misuse(`--only: ${fault}`);
    const report = await attackOnce({
      ...attacked,
      only,
      examples,
      seed,
      onProgress: (done, of) => progress.show(`Attacking element ${done + 1} of ${of} …`),
    });
    write(written(report, attacked.source, context));
    return report.waysIn.length === 0 ? 0 : 1;
  });
}

/** Attacks, and ends the connections of the attack. */
async function attackOnce(given: Attack): Promise<AttackReport> {
  try {
    return await runAttack(given);
  } finally {
    await given.endpoint.close?.();
  }
}

async function inThisProcess(context: AskContext): Promise<Attacked> {
  const runMutations = context.flag('run-mutations');
  const named = context.option('schema');
  const project = await projectWith(context, (given) => recordedOptions(given, runMutations));
  if (!project && runMutations) {
    throw new Misuse('--run-mutations, --schema: expected one of them, because a schema alone has no resolvers');
  }
  const source = project ? sourceOfGuarded(named ?? 'the project', project) : await sourceNamed(named ?? '', context);
  const guarded = project ?? recordedSource(source);
  const endpoint = inProcess({
    ...guarded,
    isRecorded: true,
    runsMutations: runMutations,
    context: (principal) => ({ principal }),
  });
  const judge = createJudge(source.rules, true, Date.now);
  return { source, endpoint, judge, personas: mintedPersonas(judge, personaPrincipal, Date.now) };
}

function written(report: AttackReport, source: RuleSource, { flag, paint }: AskContext): string {
  if (flag('json')) return attackJson(report);
  if (flag('sarif')) return attackSarif(report, (coordinate) => placeOf(source, coordinate));
  return flag('junit') ? attackJunit(report) : attackText(report, paint);
}

function seedOf(text: string | undefined): number {
  if (text === undefined) return 1;
  if (!/^\d{1,15}$/.test(text)) throw new Misuse('--seed: expected a number without a sign and a point');
  return Number(text);
}

async function examplesOf(file: string | undefined): Promise<Examples> {
  if (file === undefined) return {};
  const text = await readText(resolve(file), `--examples ${file}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Misuse(`--examples ${file}: expected JSON; ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isRecord(value)) throw new Misuse(`--examples ${file}: expected an object of values by coordinate`);
  return value;
}
