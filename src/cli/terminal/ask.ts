import { createInterface } from 'node:readline';
import { Misuse } from '../misuse.ts';

/** Asks a person one question. @returns the answer without spaces around it @throws Misuse if the input ends instead */
export type Ask = (question: string) => Promise<string>;

/** Whether a person can answer questions: the standard input and the standard error are a terminal. */
export function isInteractive(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks questions on the terminal. The questions are written to the standard error. */
export async function withQuestions<T>(use: (ask: Ask) => Promise<T>): Promise<T> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<never>((_resolve, reject) => {
    // Ctrl-D and Ctrl-C close the interface. A question alone would never settle then.
    terminal.once('close', () =>
      reject(new Misuse('expected an answer, and the input has ended; nothing was changed')),
    );
  });
  ended.catch(() => {});
  const ask: Ask = (question) =>
    Promise.race([new Promise<string>((resolve) => terminal.question(question, resolve)), ended]).then((answer) =>
      answer.trim(),
    );
  try {
    return await use(ask);
  } finally {
    terminal.close();
  }
}
