import type { Logger } from './log.ts';

/** The method of the log that writes warnings. */
type WarningLog = Pick<Logger, 'warn'>;

/**
 * Writes the warnings of the process into the log. They come from Claimgate (`ClaimgateWarning`, from any copy of the
 * package), from Node, and from modules. Node's own listener prints warnings to standard error. The function removes
 * this listener. Otherwise each warning would appear twice.
 *
 * @returns a function that removes this listener and restores Node's own listener
 */
export function logWarnings(log: WarningLog): () => void {
  const printing = process.listeners('warning').filter((listener) => listener.name === nodeListener);
  for (const listener of printing) process.off('warning', listener);
  const write = (warning: Error & { readonly code?: unknown; readonly detail?: unknown }): void => {
    // A member named `code` would be redacted, because in other lines it can be an authorization code.
    const members = { warning: warning.name, warningCode: text(warning.code), detail: text(warning.detail) };
    log.warn(members, warning.message);
  };
  process.on('warning', write);
  return () => {
    process.off('warning', write);
    for (const listener of printing) process.on('warning', listener);
  };
}

/**
 * The name of Node's listener (lib/internal/process/warning.js). If Node renames it, warnings also appear on standard
 * error.
 */
const nodeListener = 'onWarning';

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
