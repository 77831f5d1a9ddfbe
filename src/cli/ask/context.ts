import type { Paint } from '../../tools/report/paint.ts';
import type { Progress } from '../../tools/report/progress.ts';

/** What a command that answers a question about a schema gets. */
export interface AskContext {
  /** The arguments that are not options. */
  readonly words: readonly string[];
  readonly option: (name: string) => string | undefined;
  /** The values of an option that can be given several times. */
  readonly all: (name: string) => readonly string[];
  readonly flag: (name: string) => boolean;
  readonly progress: Progress;
  /** The colours of the standard output. */
  readonly paint: Paint;
  /** The width of the terminal of the standard output, in characters. `null`: it is no terminal. */
  readonly columns: number | null;
  /** Writes to the standard output. */
  readonly write: (text: string) => void;
  /** Writes a finding to the standard error output, for a command that fails because of it. */
  readonly report: (text: string) => void;
}
