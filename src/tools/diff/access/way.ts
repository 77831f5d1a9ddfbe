import type { NormalForm } from '../../../auth/algebra/form.ts';
import type { CallArguments } from './call.ts';

/** A call of a field, and who may make it. */
export interface Call extends CallArguments {
  readonly form: NormalForm;
}

/** A field of an object type. */
export interface ReadField {
  readonly coordinate: string;
  readonly type: string;
  readonly name: string;
  /** The name of the type of its value. */
  readonly returns: string;
  /** Who reads it, if the operation has reached its type. */
  readonly form: NormalForm;
  /** Who reads it by the rules of the field and its type together, without the rules on the way to the type. */
  readonly effective: NormalForm;
  /** The coordinates of these rules. */
  readonly ruleCoordinates: string;
  readonly calls: readonly Call[];
}

/** A way from one type to another: a field, or a possible type of an interface or a union. */
export interface Way {
  readonly from: string;
  readonly to: string;
  /** `null`: `to` is a possible type of `from`. */
  readonly field: ReadField | null;
  readonly form: NormalForm;
}
