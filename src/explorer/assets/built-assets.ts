/** One entry of the bundle. All names are names of files of the bundle. */
export interface Entry {
  readonly script: string;
  /** Null if the entry imports no style sheet. */
  readonly style: string | null;
  /** The other scripts that are loaded with the script. */
  readonly imports: readonly string[];
}

/** The files for the browser. A name contains the hash of the file. */
export interface BuiltAssets {
  readonly entries: Readonly<Record<string, Entry>>;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The files compressed with Brotli, for files that are compressed already. Default: none. */
  readonly brotli?: ReadonlyMap<string, Uint8Array>;
}
