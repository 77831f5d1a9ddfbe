import type { Attack } from '../../tools/attack/attack.ts';
import { givenPersonas, personaOfToken, withoutToken } from '../../tools/attack/callers/given.ts';
import type { Persona } from '../../tools/attack/callers/persona.ts';
import { runningServer } from '../../tools/attack/endpoints/server/running.ts';
import { createJudge } from '../../tools/attack/verdict/judge.ts';
import type { RuleSource } from '../../tools/source/rule-source.ts';
import { Misuse } from '../misuse.ts';
import type { AskContext } from './context.ts';
import { sourceNamed } from './project.ts';

/** Prepares the attack on a running server, with the tokens that the options name. */
export async function serverAttack(
  url: string,
  context: AskContext,
): Promise<Pick<Attack, 'endpoint' | 'judge' | 'personas'> & { readonly source: RuleSource }> {
  const tokens = new Map(context.all('token').map(readToken));
  const source = await sourceNamed(context.option('schema') ?? url, context);
  const personas = [...tokens.keys(), withoutToken];
  const endpoint = await runningServer({
    url,
    personas,
    schema: source.schema,
    tokens,
    runsMutations: context.flag('run-mutations'),
  });
  const judge = createJudge(source.rules, false, Date.now);
  return { source, endpoint, judge, personas: givenPersonas(judge, personas) };
}

function readToken(text: string): readonly [Persona, string] {
  const [, name, variable] = /^([^=]+)=(\w+)$/.exec(text) ?? [];
  if (name === undefined || variable === undefined) {
    throw new Misuse('--token: expected NAME=VARIABLE, the name of a caller and of an environment variable');
  }
  const token = process.env[variable];
  if (!token) throw new Misuse(`--token ${name}: expected an access token in ${variable}; the variable is not set`);
  const persona = personaOfToken({ name, token });
  if (!persona) {
    throw new Misuse(`--token ${name}: expected a JWT in ${variable}, because its claims decide what the rules allow`);
  }
  return [persona, token];
}
