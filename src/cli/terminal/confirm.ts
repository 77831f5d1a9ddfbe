import { createInterface } from 'node:readline/promises';
import { Misuse } from '../misuse.ts';

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
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new Misuse(`${question} To allow it, add ${flag}`);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await asking.question(`${question} Type yes to go on: `);
    if (answer.trim().toLowerCase() !== 'yes') throw new Misuse('not allowed; nothing was changed');
  } finally {
    asking.close();
  }
}
