import { looksLikeCredential } from './credentials.ts';
import { ofActiveTab, withoutSecrets } from './kept-operations.ts';
import type { Secrecy } from './kept-variables.ts';

/** The part of the browser's storage that is used. */
export type Backing = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** The storage that GraphiQL calls. */
export interface OperationStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  clear(): void;
  readonly length: number;
  /** Whether the values outlive the page. */
  readonly isLasting: boolean;
}

/** The version of the stored form. Values of other versions are not read. */
const prefix = 'claimgate-explorer/1/';
/** The prefix that GraphiQL gives to its names. */
const graphiql = 'graphiql:';
const tabs = 'tabState';

/** Values with operations. Their form is known, so that secrets can be removed. */
const operationNames: ReadonlySet<string> = new Set([tabs, 'queries', 'favorites']);
/** Short values without operations: the theme, the open pane, and the sizes of the panes. */
const shortName = /^(?:theme|visiblePlugin|\w{1,40}Flex|pane-\w{1,40})$/;
const maxShortLength = 200;
/** How many characters all values may have together. Browsers allow about 5 million. */
const maxTotalLength = 1_500_000;

/**
 * Makes the storage of GraphiQL. It keeps tabs and history without headers, answers, secret variables, and without text
 * that looks like a credential. It refuses names that it does not know. If the browser has no storage, as in some
 * private windows, the values live as long as the page.
 *
 * @param backing - `localStorage`, or null
 * @param secrecy - is called at each write, because the schema is loaded later than the page
 */
export function createOperationStorage(backing: Backing | null, secrecy: () => Secrecy): OperationStorage {
  const memory = new Map<string, string>();
  let lasting = usable(backing) ? backing : null;

  const read = (name: string): string | null => {
    try {
      return lasting ? lasting.getItem(prefix + name) : (memory.get(name) ?? null);
    } catch {
      return null;
    }
  };

  function write(name: string, value: string): void {
    if (totalLength(lasting, name) + value.length > maxTotalLength) throw quotaError();
    if (!lasting) {
      memory.set(name, value);
      return;
    }
    lasting.setItem(prefix + name, value);
  }

  function remove(name: string): void {
    memory.delete(name);
    try {
      lasting?.removeItem(prefix + name);
    } catch {
      lasting = null;
    }
  }

  /** The length of all values except one. */
  function totalLength(store: Backing | null, except: string): number {
    if (!store) return [...memory].reduce((sum, [name, value]) => sum + (name === except ? 0 : value.length), 0);
    return ownNames(store).reduce((sum, name) => sum + (name === except ? 0 : (read(name)?.length ?? 0)), 0);
  }

  return {
    getItem(key) {
      const name = plain(key);
      if (name === null) return null;
      // GraphiQL shows these two in the editor when the page opens. They are those of the active tab.
      if (name === 'query' || name === 'variables') return ofActiveTab(read(tabs) ?? '', name);
      return operationNames.has(name) || shortName.test(name) ? read(name) : null;
    },
    setItem(key, value) {
      const name = plain(key);
      if (name === null) return;
      if (operationNames.has(name)) {
        const kept = withoutSecrets(value, secrecy());
        if (kept !== null) write(name, kept);
      } else if (shortName.test(name) && value.length <= maxShortLength && !looksLikeCredential(value)) {
        write(name, value);
      }
    },
    removeItem(key) {
      const name = plain(key);
      if (name !== null) remove(name);
    },
    clear() {
      for (const name of [...(lasting ? ownNames(lasting) : []), ...memory.keys()]) remove(name);
    },
    get length() {
      return lasting ? ownNames(lasting).length : memory.size;
    },
    get isLasting() {
      return lasting !== null;
    },
  };
}

/** Returns the storage of the browser, or null where the browser refuses it. */
export function browserStorage(window: { readonly localStorage: Backing }): Backing | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/** Whether the storage accepts a value. In some private windows it exists and refuses all values. */
function usable(backing: Backing | null): backing is Backing {
  try {
    backing?.setItem(`${prefix}probe`, '1');
    backing?.removeItem(`${prefix}probe`);
    return backing !== null;
  } catch {
    return false;
  }
}

function ownNames(store: Backing): readonly string[] {
  try {
    const keys = Array.from({ length: store.length }, (_, index) => store.key(index) ?? '');
    return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  } catch {
    return [];
  }
}

function plain(key: string): string | null {
  return key.startsWith(graphiql) ? key.slice(graphiql.length) : null;
}

/** GraphiQL drops the oldest operation of the history and tries again after this error. */
function quotaError(): DOMException {
  return new DOMException('The operations are too large to be kept.', 'QuotaExceededError');
}
