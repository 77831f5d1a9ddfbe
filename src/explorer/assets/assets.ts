import type { BuiltAssets, Entry } from './built-assets.ts';
import { type Coding, compress } from './coding.ts';

/** One file for the browser. */
export interface Asset {
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

/**
 * Makes a function that returns the assets. The first call loads them, and calls at the same time wait for it. After a
 * failure, the next call loads again.
 *
 * @param load - reads or builds the files
 */
export function keptAssets(load: () => Promise<BuiltAssets>): () => Promise<Assets> {
  let kept: Promise<Assets> | undefined;
  return () => {
    kept ??= load()
      .then(assetsOf)
      .catch((error: unknown) => {
        kept = undefined;
        throw error;
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
    mediaType,
    encoded(coding) {
      const encoded = kept.get(coding) ?? compress(bytes, coding);
      kept.set(coding, encoded);
      return encoded;
    },
  };
}
