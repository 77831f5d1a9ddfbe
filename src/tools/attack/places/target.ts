import type { Rule } from '../../../auth/rules/rule.ts';
import type { Route } from './hop.ts';

/** A place where the rules of an element are attacked. */
export interface Target {
  /** The element with the rules. */
  readonly coordinate: string;
  readonly kind: 'field' | 'value' | 'input';
  /** The fields from the root to the place. The last one is attacked. */
  readonly route: Route;
  /** The object type of the value of each hop that is not narrowed, by the number of the hop. */
  readonly concrete: ReadonlyMap<number, string>;
  /** The rules of the place. */
  readonly own: readonly Rule[];
  /** The other rules that must hold so that the place is reached. */
  readonly way: readonly Rule[];
  /** `input`: the argument whose value supplies the element. */
  readonly argument: string | null;
}
