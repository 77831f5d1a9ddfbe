import type { BuiltAssets, Entry } from './built-assets.ts';
import { type Coding, compress } from './coding.ts';

/** One file for the browser. */
export interface Asset {
  /** Its name, with the hash of its content. */
  readonly name: string;
  readonly mediaType: string;
  /** Returns its bytes in a coding. The bytes are kept, so that each file is compressed once. */
  encoded(coding: Coding): Promise<Uint8Array>;
}

/** The files of the explorer for the browser, by their names. */
export interface Assets {
  readonly entries: Readonly<Record<string, Entry>>;
  readonly files: ReadonlyMap<string, Asset>;
}

const mediaTypes: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  ttf: 'font/ttf',
};

/** How long a failure is kept. Otherwise callers could make the server bundle the files again and again. */
const retryMs = 10_000;

/** The options of `keptAssets`. */
export interface KeptAssetsOptions {
  /** Reads or bundles the files. */
  readonly load: () => Promise<BuiltAssets>;
  /** Called for each failure of `load`. Must not throw. */
  readonly onFault: (error: unknown) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Makes a function that returns the assets. The first call loads them, and calls at the same time wait for it. After a
 * failure, calls get null for 10 s. Then the next call loads again.
 */
export function keptAssets({ load, onFault, now }: KeptAssetsOptions): () => Promise<Assets | null> {
  let kept: Promise<Assets | null> | undefined;
  let retryAt = Infinity;
  return () => {
    if (kept && now() < retryAt) return kept;
    retryAt = Infinity;
    kept = load()
      .then(assetsOf)
      .catch((error: unknown) => {
        onFault(error);
        retryAt = now() + retryMs;
        return null;
      });
    return kept;
  };
}

/** @throws Error if a file has an ending that is not known */
function assetsOf({ entries, files, brotli }: BuiltAssets): Assets {
  const assets = [...files].map(([name, bytes]) => [name, assetOf(name, bytes, brotli?.get(name))] as const);
  return { entries, files: new Map(assets) };
}

function assetOf(name: string, bytes: Uint8Array, brotli: Uint8Array | undefined): Asset {
  const ending = name.split('.').at(-1) ?? '';
  const mediaType = mediaTypes[ending];
  if (mediaType === undefined) {
    throw new Error(`${name}: expected a file that ends with ${Object.keys(mediaTypes).join(', ')}`);
  }
  const kept = new Map<Coding, Promise<Uint8Array>>([['identity', Promise.resolve(bytes)]]);
  if (brotli) kept.set('br', Promise.resolve(brotli));
  return {
    name,
    mediaType,
    encoded(coding) {
      const encoded = kept.get(coding) ?? compress(bytes, coding);
      kept.set(coding, encoded);
      return encoded;
    },
  };
}
