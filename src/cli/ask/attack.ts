import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isRecord } from '../../protocol/record.ts';
import { personaPrincipal } from '../../testing/persona-principal.ts';
import { runAttack } from '../../tools/attack/attack.ts';
import { mintedPersonas } from '../../tools/attack/callers/short-of.ts';
import { inProcess } from '../../tools/attack/endpoints/in-process.ts';
import { recordedOptions, recordedSource } from '../../tools/attack/endpoints/recorded-schema.ts';
import type { Examples } from '../../tools/attack/places/values.ts';
import { attackJson } from '../../tools/attack/report/json.ts';
import { attackText } from '../../tools/attack/report/text.ts';
import { createJudge } from '../../tools/attack/verdict/judge.ts';
import { Misuse } from '../misuse.ts';
import { ask } from './command.ts';
import { projectWith, sourceNamed } from './project.ts';

/**
 * Attacks the rules of a schema, and prints each way in.
 *
 * @returns the exit code: 0 no way in, 1 at least one, 2 wrong usage
 */
export function attack(args: readonly string[]): Promise<number> {
  const options = {
    examples: { type: 'string' },
    seed: { type: 'string' },
    'run-mutations': { type: 'boolean', default: false },
  } as const;
  return ask('attack', options, args, async (context) => {
    const { words, option, flag, write, progress, paint } = context;
    const [extra] = words;
    if (extra !== undefined) throw new Misuse(`expected no argument beside the options; found ${extra}`);
    const seed = seedOf(option('seed'));
    const examples = await examplesOf(option('examples'));
    const runMutations = flag('run-mutations');
    const named = option('schema');
    const project = await projectWith(context, (given) => recordedOptions(given, runMutations));
    if (!project && runMutations) {
      throw new Misuse('--run-mutations, --schema: expected one of them, because a schema alone has no resolvers');
    }
    const guarded = project ?? recordedSource(await sourceNamed(named ?? '', context));
    const endpoint = inProcess({
      ...guarded,
      isRecorded: true,
      runsMutations: runMutations,
      context: (principal) => ({ principal }),
    });
    const judge = createJudge(guarded.rules, true, Date.now);
    const report = await runAttack({
      source: { name: named ?? 'the project', rules: guarded.rules },
      endpoint,
      judge,
      personas: mintedPersonas(judge, personaPrincipal, Date.now),
      examples,
      seed,
      onProgress: (done, of) => progress.show(`Attacking element ${done + 1} of ${of} …`),
    });
    write(flag('json') ? attackJson(report) : attackText(report, paint));
    return report.waysIn.length === 0 ? 0 : 1;
  });
}

function seedOf(text: string | undefined): number {
  if (text === undefined) return 1;
  const seed = Number(text);
  if (!/^\d{1,15}$/.test(text)) throw new Misuse('--seed: expected a number without a sign and a point');
  return seed;
}

async function examplesOf(file: string | undefined): Promise<Examples> {
  if (file === undefined) return {};
  const text = await readFile(resolve(file), 'utf8').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'a fault';
    throw new Misuse(`--examples ${file}: expected a file that can be read; ${code}`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Misuse(`--examples ${file}: expected JSON; ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isRecord(value)) throw new Misuse(`--examples ${file}: expected an object of values by coordinate`);
  return value;
}
