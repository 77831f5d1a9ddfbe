/**
 * What the source still does against the table of rooms, each with the reason. These lists may only get shorter: the check
 * reports an entry that nothing needs any more.
 */
export interface Exceptions {
  /** Imports of a room that the table does not allow. */
  readonly imports: readonly {
    readonly from: string;
    /** The file, by its path. */
    readonly to: string;
    readonly typesOnly: boolean;
    readonly until: string;
  }[];
  /** Folders with too many files, and how many they have at most. */
  readonly folders: Readonly<Record<string, number>>;
  /** Files with too many lines, and how many they have at most. */
  readonly files: Readonly<Record<string, number>>;
}

export const exceptions: Exceptions = {
  imports: [],
  folders: {},
  files: {},
};
