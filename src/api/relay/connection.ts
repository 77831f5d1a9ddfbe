import { ClaimgateError } from '../../errors.ts';
import type { Page, PageOf, Position } from '../../identity/store.ts';
import { fromBase64url, toBase64url } from './base64url.ts';

/** The largest number of items on a page. */
const maxPageSize = 100;

/** The arguments of every list. */
interface PageArguments {
  readonly first: number;
  readonly after?: string | null;
}

/** A page in the form of Relay's GraphQL Cursor Connections. It has `nodes` in addition to `edges`. */
export interface RelayConnection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/**
 * Reads the page that the arguments of a list request.
 *
 * @throws ClaimgateError `BAD_USER_INPUT` if `first` is out of bounds, or if `after` is not a cursor of this API
 */
export function pageOf({ first, after }: PageArguments): Page {
  if (first < 1 || first > maxPageSize) {
    throw new ClaimgateError('BAD_USER_INPUT', `first: expected 1 to ${maxPageSize}.`);
  }
  return { first, after: after === undefined || after === null ? null : positionOf(after) };
}

/** Returns a page of items as a connection. */
export function toConnection<Node extends Position>(
  page: Page,
  { items, hasNextPage }: PageOf<Node>,
): RelayConnection<Node> {
  const edges = items.map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    nodes: items,
    pageInfo: {
      hasNextPage,
      hasPreviousPage: page.after !== null,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function cursorOf({ createdAt, id }: Position): string {
  return toBase64url(`${createdAt}:${id}`);
}

function positionOf(cursor: string): Position {
  const [, createdAt, id] = /^(0|[1-9]\d{0,14}):([\x21-\x7e]{1,256})$/.exec(fromBase64url(cursor) ?? '') ?? [];
  if (createdAt === undefined || id === undefined) {
    throw new ClaimgateError('BAD_USER_INPUT', 'after: expected a cursor that this list gave.');
  }
  return { createdAt: Number(createdAt), id };
}
