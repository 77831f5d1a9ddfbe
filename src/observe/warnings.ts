import type { Logger } from './log.ts';

/** Where a warning goes: a line of the log. */
type WarningLog = Pick<Logger, 'warn'>;

/**
 * Writes the warnings of the process into the log: those of Claimgate (`ClaimgateWarning`, in whichever copy), of Node, and of modules.
 * Node's own listener, which prints them on standard error as text, is taken away meanwhile, so that each is told once.
 *
 * @returns puts everything back as it was
 */
export function logWarnings(log: WarningLog): () => void {
  const printing = process.listeners('warning').filter((listener) => listener.name === nodeListener);
  for (const listener of printing) process.off('warning', listener);
  const write = (warning: Error & { readonly code?: unknown; readonly detail?: unknown }): void => {
    // A member called `code` would be redacted: elsewhere that is an authorization code.
    const members = { warning: warning.name, warningCode: text(warning.code), detail: text(warning.detail) };
    log.warn(members, warning.message);
  };
  process.on('warning', write);
  return () => {
    process.off('warning', write);
    for (const listener of printing) process.on('warning', listener);
  };
}

/** What Node calls its listener (lib/internal/process/warning.js). Under another name it would print beside the log. */
const nodeListener = 'onWarning';

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
