import type { Caller } from '../../support/callers.ts';
import type { AuthCase, Outcome } from './case.ts';

interface Asked {
  readonly document: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Every way to select the same root fields, with the same answer. */
const everyWay: Readonly<Record<string, (selections: string) => Asked>> = {
  plainly: (s) => ({ document: `{ ${s} }` }),
  'in an inline fragment': (s) => ({ document: `{ ... on Query { ${s} } }` }),
  'in fragments without a type': (s) => ({ document: `{ ... { ... @include(if: true) { ${s} } } }` }),
  'in a named fragment behind': (s) => ({ document: `{ ...F } fragment F on Query { ${s} }` }),
  'in nested fragments before': (s) => ({
    document: `fragment G on Query { ${s} } fragment F on Query { ... on Query { ...G } } query { ...F }`,
  }),
  'included by a literal': (s) => ({
    document: `{ ... @include(if: true) { ${s} } ... @include(if: false) { user } }`,
  }),
  'included by a variable': (s) => ({
    document: `query ($on: Boolean! = false) { ... @include(if: $on) { ${s} } }`,
    variables: { on: true },
  }),
  'included by the default of a variable': (s) => ({
    document: `query ($on: Boolean = true) { ...F @include(if: $on) } fragment F on Query { ${s} }`,
  }),
  'not skipped by a variable that has another default': (s) => ({
    document: `query ($off: Boolean = true) { ... on Query @skip(if: $off) { ${s} } }`,
    variables: { off: false },
  }),
  'twice, merged': (s) => ({ document: `{ ${s} ... on Query { ${s} } }` }),
  'in one of several operations': (s) => ({
    document: `query Other { user } query This { ${s} } query Third { hello }`,
    operationName: 'This',
  }),
  'next to a skipped selection': (s) => ({
    document: `query ($yes: Boolean!) { ${s} skipped: user @skip(if: $yes) ... @skip(if: $yes) { me { id } } }`,
    variables: { yes: true },
  }),
};

type Row = readonly [selections: string, caller: Caller, outcome: Outcome];

/** Makes cases for each way to select root fields of a query. */
export function inEveryWay(id: string, table: Readonly<Record<string, Row>>): readonly AuthCase[] {
  return Object.entries(table).flatMap(([what, [selections, caller, outcome]]) =>
    Object.entries(everyWay).map(([way, ask]) => ({
      id,
      name: `${what}, ${way}`,
      caller,
      outcome,
      ...ask(selections),
    })),
  );
}
