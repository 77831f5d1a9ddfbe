/** The package managers for which a project can be made. */
export const managers = ['npm', 'pnpm'] as const;

/** The name of a package manager. */
export type Manager = (typeof managers)[number];

/** The values that differ between projects. */
export interface ProjectSettings {
  /** The name of the project, from the name of its folder. */
  readonly name: string;
  readonly manager: Manager;
  /** The foreign issuer; null: the embedded authorization server. */
  readonly issuer: string | null;
  /** The dependencies on Claimgate's packages, by their names, such as `file:packages/claimgate-0.1.0.tgz`. */
  readonly packages: Readonly<Record<string, string>>;
}

/** A file of a project: its path with slashes, and its text. */
export type ProjectFile = readonly [path: string, text: string];
