import type { ReadStream } from 'node:tty';
import { Misuse } from './misuse.ts';

/** The largest input, in characters. Every valid password is shorter. */
const maxInputLength = 65_536;

/** The source of a password: a terminal, a file or a pipe. */
type Input = NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>;

/**
 * Reads a new password. At a terminal, it asks twice and does not show the password. From a file or pipe, it reads the
 * first line. It never reads a password from an argument. Arguments stay in the history of the shell, and the list of
 * processes shows them.
 *
 * @param write - prints the prompts
 * @throws Misuse if the two passwords differ, the input is empty, or the person presses Ctrl-C or Ctrl-D
 */
export async function readPassword(input: Input, write: (text: string) => void): Promise<string> {
  if (!input.isTTY) return firstLine(input);
  const password = await readUnseen(input, write, 'New password: ');
  if (password !== (await readUnseen(input, write, 'Once more: '))) throw new Misuse('the two passwords are not alike');
  return password;
}

async function firstLine(input: Input): Promise<string> {
  let text = '';
  for await (const chunk of input) {
    text += chunk.toString();
    if (text.length > maxInputLength || text.includes('\n')) break;
  }
  const [line = ''] = text.split(/\r?\n/);
  if (line === '') throw new Misuse('expected a password on standard input');
  return line;
}

function readUnseen(input: Input, write: (text: string) => void, prompt: string): Promise<string> {
  write(prompt);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let typed: string[] = [];
  const onData = (chunk: Buffer | string): void => {
    for (const character of chunk.toString()) {
      if (character === '\r' || character === '\n') return resolve(typed.join(''));
      // In raw mode, the terminal sends Ctrl-C and Ctrl-D as characters.
      if (character === '\u0003' || character === '\u0004') return reject(new Misuse('cancelled'));
      if (character === '\u007f' || character === '\b') typed = typed.slice(0, -1);
      else typed.push(character);
    }
  };
  input.setRawMode?.(true);
  input.on('data', onData);
  input.resume();
  return promise.finally(() => {
    input.off('data', onData);
    input.pause();
    input.setRawMode?.(false);
    write('\n');
  });
}
