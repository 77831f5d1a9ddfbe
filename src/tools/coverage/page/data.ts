import type { Coverage } from '../coverage.ts';
import { hasOtherParts } from '../reach.ts';
import { boxSize, layOut } from './layout.ts';

/** Alternatives of scopes. */
interface PageForm {
  readonly any: readonly (readonly [readonly number[], 0 | 1, 0 | 1])[];
  readonly capped: 0 | 1;
}

/** The values that the script of the page reads. The names are short, because a schema can have thousands of fields. */
export interface PageData {
  /** All scopes that rules name. */
  readonly scopes: readonly string[];
  /** The chosen scopes at the start, as indices of `scopes`. `null`: a caller without a token. */
  readonly chosen: readonly number[] | null;
  /**
   * The alternatives of each form: the scopes as indices of `scopes`, whether a token is needed, and whether an owner, a
   * policy, a claim or the authentication decides too. `capped`: there are more alternatives.
   */
  readonly forms: readonly PageForm[];
  /** The form of each operation, in the order of the table. */
  readonly operations: readonly number[];
  readonly roots: readonly number[];
  /** The name, the kind, the place, and the forms of the fields, in the order of the table. */
  readonly types: readonly (readonly [string, 't' | 'i' | 'u', number, number, readonly number[]])[];
  /** The number of the type that a way leads from, of the type that it leads to, and of its form. */
  readonly ways: readonly (readonly [number, number, number])[];
  readonly box: { readonly width: number; readonly height: number };
}

const kinds = { type: 't', interface: 'i', union: 'u' } as const;

/** Makes the values for the script of the page. */
export function pageData({ graph, types, caller, operations }: Coverage): PageData {
  const ofFields = graph.forms.flatMap((form) => form.alternatives.flatMap((one) => one.scopes));
  const ofOperations = (operations ?? []).flatMap(({ ways }) => ways.flatMap((one) => one.scopes));
  const scopes = [...new Set([...ofFields, ...ofOperations])].toSorted();
  const indices = new Map(scopes.map((scope, at) => [scope, at]));
  const indicesOf = (some: Iterable<string>): readonly number[] =>
    [...some].flatMap((scope) => indices.get(scope) ?? []);
  const boxes = layOut(graph);
  return {
    scopes,
    chosen: caller === undefined || caller === null ? (caller === null ? null : []) : indicesOf(caller),
    forms: [
      ...graph.forms.map(
        ({ alternatives, isCapped }): PageForm => ({
          any: alternatives.map((one) => [indicesOf(one.scopes), one.token ? 1 : 0, hasOtherParts(one) ? 1 : 0]),
          capped: isCapped ? 1 : 0,
        }),
      ),
      ...(operations ?? []).map(
        ({ ways, isCapped }): PageForm => ({
          any: ways.map((one) => [indicesOf(one.scopes), one.token ? 1 : 0, one.depends ? 1 : 0]),
          capped: isCapped ? 1 : 0,
        }),
      ),
    ],
    operations: (operations ?? []).map((_operation, at) => graph.forms.length + at),
    roots: graph.roots,
    types: types.map(({ name, kind, number, fields }) => {
      const { x, y } = boxes[number] ?? { x: 0, y: 0 };
      return [name, kinds[kind], x, y, fields.map(({ form }) => form)];
    }),
    ways: graph.ways.map(({ from, to, form }) => [from, to, form]),
    box: boxSize,
  };
}
