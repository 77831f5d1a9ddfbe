import { ClaimgateError, StartError } from '../../errors.ts';
import { databaseReason } from '../../server/administration.ts';
import { BackupFault } from '../../store/backup/fault.ts';
import { ToolFault } from '../../tools/report/fault.ts';
import { Misuse } from '../misuse.ts';

/**
 * Runs a command, and prints the reason in one line if it fails.
 *
 * @param command - the words of the command, for the message
 * @param work - returns the exit code; undefined: 0
 * @returns the exit code: 2 for a wrong argument, file or state, 1 if the database or the file system failed
 * @throws every other error, because it is a defect of the program
 */
export async function outcomeOf(command: string, work: () => Promise<number | undefined>): Promise<number> {
  try {
    return (await work()) ?? 0;
  } catch (error) {
    const failed = (message: string, code: number) => {
      process.stderr.write(`claimgate ${command}: ${message}\n`);
      return code;
    };
    if (error instanceof Misuse || error instanceof BackupFault || error instanceof ToolFault)
      return failed(error.message, 2);
    if (error instanceof StartError) return failed(error.faults.join('\n  '), 2);
    if (error instanceof ClaimgateError && databaseReason(error) === null) return failed(error.message, 1);
    const reason = databaseReason(error) ?? fileReason(error);
    if (reason !== null) return failed(reason, 1);
    throw error;
  }
}

/** Returns the message of an error of the file system; null for another error. */
function fileReason(error: unknown): string | null {
  return error instanceof Error && 'syscall' in error ? error.message : null;
}
