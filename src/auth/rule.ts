import type { ScopeAlternatives } from './scope.ts';

/** One `@auth` of the schema. */
export interface Rule {
  /** Its number in the table of rules, which begins at 0 and has no gaps. */
  readonly id: number;
  /** The element that carries it: `Type` or `Type.field`. */
  readonly coordinate: string;
  readonly kind: 'field' | 'type';
  /** Name of the module that wrote it. */
  readonly module: string;
  readonly scope: ScopeAlternatives;
  /** The directive as written, normalised by GraphQL's printer. */
  readonly source: string;
}
