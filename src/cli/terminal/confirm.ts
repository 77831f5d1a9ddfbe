import { Misuse } from '../misuse.ts';
import { isInteractive, withQuestions } from './ask.ts';

/**
 * Asks a person to allow a change. Without a terminal, no person can answer. Then the command needs a flag.
 *
 * @param question - what is changed, as a sentence
 * @param given - whether the flag was given. Then nothing is asked
 * @param flag - the flag, such as `--yes`
 * @throws Misuse if the person does not answer `yes`, or there is no terminal and no flag
 */
export async function confirm(question: string, given: boolean, flag: string = '--yes'): Promise<void> {
  if (given) return;
  if (!isInteractive()) throw new Misuse(`${question} To allow it, add ${flag}`);
  const answer = await withQuestions((ask) => ask(`${question} Type yes to go on: `));
  if (answer.toLowerCase() !== 'yes') throw new Misuse('not allowed; nothing was changed');
}
