import type { Environment } from './caller.ts';

const windowFeatures = 'noopener,popup,width=520,height=760';

/**
 * Returns what the session library needs, from the browser of this page.
 *
 * @param page - the name of the page. Each page remembers the scopes of its own last sign-in. Otherwise a page could sign
 * in silently with scopes that the person chose for another page
 */
export function browserEnvironment(page: 'explorer' | 'activity' | 'sandbox'): Environment {
  const memoryKey = `claimgate-${page}:scopes`;
  return {
    fetch: (url, init) => fetch(url, init),
    now: () => Date.now(),
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    open: (url) => void window.open(url, '_blank', windowFeatures),
    channel(name) {
      const channel = new BroadcastChannel(name);
      return {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origins
        post: (message) => channel.postMessage(message),
        listen: (listener) => channel.addEventListener('message', ({ data }) => listener(data)),
        close: () => channel.close(),
      };
    },
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    memory: {
      read: () => localStorage.getItem(memoryKey),
      write: (text) => (text === null ? localStorage.removeItem(memoryKey) : localStorage.setItem(memoryKey, text)),
    },
  };
}

/**
 * Calls a function when timers of the page may have been late: when it is shown again, when the network is back, and when the page
 * comes back from the browser's cache. Returns a function that ends this.
 */
export function onWake(wake: () => void): () => void {
  const whenVisible = () => document.visibilityState === 'visible' && wake();
  document.addEventListener('visibilitychange', whenVisible);
  window.addEventListener('online', wake);
  window.addEventListener('pageshow', wake);
  return () => {
    document.removeEventListener('visibilitychange', whenVisible);
    window.removeEventListener('online', wake);
    window.removeEventListener('pageshow', wake);
  };
}
