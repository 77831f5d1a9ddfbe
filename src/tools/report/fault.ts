import type { GraphQLError, Location } from 'graphql';
import { oneLine } from './table.ts';

/** A place in a file. */
export interface Place {
  /** The path of the file as it was given, a git path such as `git:main:schema.graphql`, or a URL. */
  readonly file: string;
  /** The line, from 1. `null`: the whole file. */
  readonly line: number | null;
}

/** The length of a message. A message of graphql-js repeats a text of any length. */
const maxCharacters = 1_000;

/** A fault of what a command was given: a file, a schema, an operation or an option. The command exits with 2. */
export class ToolFault extends Error {
  override readonly name = 'ToolFault';
  readonly place: Place | null;

  /** @param message - what was found, and what was expected, in one line */
  constructor(place: Place | null, message: string) {
    const line = oneLine(message.replaceAll(/\s*\n\s*/g, ' '));
    const text = line.length > maxCharacters ? `${line.slice(0, maxCharacters)}…` : line;
    super(place ? `${writePlace(place)}: ${text}` : text);
    this.place = place;
  }
}

/** Writes a place as `file:line`, without control characters. */
export function writePlace({ file, line }: Place): string {
  return oneLine(line === null ? file : `${file}:${line}`);
}

/** Returns the place of a node of GraphQL. `null`: the node was not read from a file. */
export function placeOfNode(node: { readonly loc?: Location | undefined } | null | undefined): Place | null {
  const loc = node?.loc;
  return loc ? { file: loc.source.name, line: lineOf(loc) } : null;
}

function lineOf({ startToken, source }: Location): number {
  return startToken.line + source.locationOffset.line - 1;
}

/**
 * Makes the fault of the first of several errors of GraphQL.
 *
 * @param file - the file of an error without a place
 */
export function faultOfErrors(errors: readonly GraphQLError[], file: string): ToolFault {
  const [error] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const [at] = error?.locations ?? [];
  const node = error?.nodes?.find(({ loc }) => loc);
  const { source } = error ?? {};
  const place =
    placeOfNode(node) ??
    (source && at ? { file: source.name, line: at.line + source.locationOffset.line - 1 } : { file, line: null });
  return new ToolFault(place, `${error?.message ?? 'a fault of GraphQL'}${more}`);
}
