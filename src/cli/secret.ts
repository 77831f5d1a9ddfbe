import type { ReadStream } from 'node:tty';
import { Misuse } from './misuse.ts';

/** More than any password that could be accepted, in characters. */
const longestInput = 65_536;

/** Where a password comes from: a terminal, which is asked, or a file or pipe. */
type Input = NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>;

/**
 * Reads a new password: at a terminal twice and without showing it; else the first line of what comes in. Never from an
 * argument, which stays in the history of the shell and is seen in the list of processes.
 *
 * @param write shows a person what to do
 * @throws Misuse where the two are not alike, where nothing came, and where the person gave up
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
    if (text.length > longestInput || text.includes('\n')) break;
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
      // Ctrl-C and Ctrl-D, which in raw mode are characters like others.
      if (character === '\u0003' || character === '\u0004') return reject(new Misuse('given up'));
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
