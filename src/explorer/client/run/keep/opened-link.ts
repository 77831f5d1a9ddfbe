import { type LinkedOperation, readLink } from './link.ts';

/** The operation of the link with which the page was opened, or why it cannot be read. */
export type OpenedLink = { readonly operation: LinkedOperation | null; readonly fault: string | null };

/**
 * Reads the operation of the address, and removes it from the address, so that a reload shows the tab as it is then.
 * Nothing runs.
 */
export function openLink(
  location: Pick<Location, 'hash' | 'pathname' | 'search'>,
  history: Pick<History, 'replaceState'>,
): OpenedLink {
  try {
    const operation = readLink(location.hash);
    if (operation) history.replaceState(null, '', location.pathname + location.search);
    return { operation, fault: null };
  } catch (error) {
    history.replaceState(null, '', location.pathname + location.search);
    return { operation: null, fault: error instanceof Error ? error.message : 'The link cannot be read.' };
  }
}
