import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { paintFor } from '../../tools/report/paint.ts';
import { createProgress } from '../../tools/report/progress.ts';
import { oneLine } from '../../tools/report/table.ts';
import { faultOf } from '../../tools/source/exhaustion.ts';
import { outcomeOf } from '../terminal/outcome.ts';
import type { AskContext } from './context.ts';
import { releaseProject } from './project.ts';

/** The options that every such command has. */
const commonOptions: ParseArgsOptionsConfig = {
  schema: { type: 'string' },
  'token-from': { type: 'string' },
  json: { type: 'boolean', default: false },
};

/**
 * Runs a command that answers a question about a schema. What it writes to the standard output appears only if the whole
 * command succeeds, or has findings.
 *
 * @param work - returns the exit code: 0 for an answer, 1 for findings
 * @returns the exit code. 2: a wrong option, file, schema or operation
 */
export async function ask(
  name: string,
  options: ParseArgsOptionsConfig,
  args: readonly string[],
  work: (context: AskContext) => Promise<number>,
): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...commonOptions, ...options },
    allowPositionals: true,
  });
  const given = [...positionals, values['schema']].filter((value) => typeof value === 'string');
  const progress = createProgress(process.stderr);
  const output: { readonly stream: NodeJS.WriteStream; readonly text: string }[] = [];
  try {
    const code = await outcomeOf(name, () =>
      work({
        words: positionals,
        option: (option) => (typeof values[option] === 'string' ? values[option] : undefined),
        all: (option) => [values[option]].flat().filter((value) => typeof value === 'string'),
        flag: (option) => values[option] === true,
        progress,
        paint: paintFor(process.stdout),
        columns: process.stdout.isTTY ? process.stdout.columns || null : null,
        write: (text) => void output.push({ stream: process.stdout, text }),
        report: (text) => void output.push({ stream: process.stderr, text: `claimgate ${name}: ${oneLine(text)}\n` }),
      })
        .catch((error: unknown) => {
          throw faultOf(error, given.join(', ') || 'the project');
        })
        .finally(() => progress.end()),
    );
    if (code < 2) for (const { stream, text } of output) await written(stream, text);
    return code;
  } finally {
    releaseProject();
  }
}

/** Writes a text completely. A reader that has closed the pipe, such as `head`, is no fault. */
function written(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('error', ignoreClosedPipe);
    stream.write(text, (error) => {
      stream.off('error', ignoreClosedPipe);
      if (error && !isClosedPipe(error)) reject(error);
      else resolve();
    });
  });
}

function ignoreClosedPipe(error: Error): void {
  if (!isClosedPipe(error)) throw error;
}

function isClosedPipe(error: Error): boolean {
  return 'code' in error && error.code === 'EPIPE';
}
