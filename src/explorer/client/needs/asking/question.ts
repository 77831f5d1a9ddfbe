import { GraphQLError, Kind, type OperationDefinitionNode, parse } from 'graphql';
import type { Explanation, OperationFault } from '../explanation.ts';

/** What the editors hold, and who asks. */
export interface Question {
  readonly document: string;
  readonly operationName: string | null;
  /** The text of the variables editor, without comments. */
  readonly variables: string;
  /** The callers to explain the operation for. `version` changes when the caller's token changes. */
  readonly callers: readonly { readonly id: string; readonly version: string }[];
}

/** Why the needs of the present text are not known, in one line. */
export interface Problem {
  /** `empty`: there is no operation. `text`: the editors do not hold a valid operation. `server`: the server did not explain it. */
  readonly kind: 'empty' | 'text' | 'server';
  readonly reason: string;
}

/** A question that can be sent to the server. */
export interface Askable {
  readonly document: string;
  readonly operationName: string | null;
  /** A JSON object, or `null` for no variables. */
  readonly variables: string | null;
}

/** The longest document that is parsed and sent while a person types, in UTF-16 code units. */
const maxDocumentLength = 200_000;

/** Checks in the browser whether a question can be asked, so that unfinished text costs no request. */
export function askable({ document, operationName, variables }: Question): Askable | Problem {
  if (/^(?:[\s,\uFEFF]|#[^\n\r]*)*$/.test(document))
    return { kind: 'empty', reason: 'Write an operation to see what it needs.' };
  if (document.length > maxDocumentLength) {
    return {
      kind: 'text',
      reason: `The document has more than ${maxDocumentLength} characters, so it is not explained while you type.`,
    };
  }
  const operations = operationsOf(document);
  if (typeof operations === 'string') return { kind: 'text', reason: operations };
  const named = operationName === null ? [] : operations.filter(({ name }) => name?.value === operationName);
  if (operations.length === 0) return { kind: 'text', reason: 'The document has no operation, only fragments.' };
  if (operations.length > 1 && named.length === 0) {
    return {
      kind: 'text',
      reason: 'The document has several operations. Put the cursor into one of them, or run it once.',
    };
  }
  const read = readVariables(variables);
  if (typeof read === 'object' && read !== null) return read;
  return { document, operationName: named.length > 0 ? operationName : null, variables: read };
}

function operationsOf(document: string): readonly OperationDefinitionNode[] | string {
  try {
    return parse(document, { noLocation: true }).definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  } catch (error) {
    if (!(error instanceof GraphQLError)) return 'The document is nested too deeply to be read.';
    const [place] = error.locations ?? [];
    return `Not finished yet${place ? ` (line ${place.line})` : ''}: ${error.message.replace(/^Syntax Error: /, '')}`;
  }
}

function readVariables(text: string): string | null | Problem {
  if (text.trim() === '') return null;
  const wrong: Problem = { kind: 'text', reason: 'The variables are not a JSON object yet.' };
  try {
    const value: unknown = JSON.parse(text);
    if (value === null) return null;
    return typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : wrong;
  } catch {
    return wrong;
  }
}

/** Returns a text that is equal for questions with the same answer. */
export function keyOf({ document, operationName, variables, callers }: Question): string {
  return JSON.stringify([document, operationName, variables, callers.map(({ id, version }) => [id, version])]);
}

/** Returns the fault because of which an operation was not explained. `null`: it was explained. */
export function faultIn(answers: readonly { readonly explanation: Explanation }[]): Problem | null {
  const [found] = answers.flatMap(({ explanation: { faults, elements } }) => (elements.length === 0 ? faults : []));
  return found ? { kind: 'text', reason: faultSentence(found) } : null;
}

/** Writes a fault in one line. */
export function faultSentence({ message, line }: OperationFault): string {
  return `${line === null ? '' : `Line ${line}: `}${message.replaceAll(/\s+/g, ' ')}`;
}
