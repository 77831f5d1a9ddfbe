import { safeHeaders } from './safe-headers.ts';

/** The only origin whose page the frame shows. `@apollo/sandbox` posts messages to this origin and to no other. */
export const frameOrigin = 'https://sandbox.embed.apollographql.com';

/** The addresses of the API. The frame may send operations to no other address. */
export interface Addresses {
  readonly endpoint: string;
  readonly subscriptions: string;
}

/** An operation whose members have been checked. */
export interface FrameOperation {
  readonly operationId: string;
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  /** Only headers of `safeHeaders`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The names of headers that are not passed on. */
  readonly withheld: readonly string[];
}

/** What a message of the frame asks for. The message itself is not passed on. */
export type FrameRequest =
  | { readonly kind: 'handshake' }
  | { readonly kind: 'introspection' | 'operation' | 'subscription'; readonly operation: FrameOperation }
  | { readonly kind: 'termination'; readonly operationId: string | null }
  /** A request that this page does not carry out. `operationId`: the operation that the frame waits for. */
  | { readonly kind: 'refused'; readonly reason: string; readonly operationId: string | null; readonly answer: Answer }
  /** A message that asks for nothing, or for something that this page never does. */
  | { readonly kind: 'ignored' };

/** The name of the message with which an operation of this kind is answered. */
export type Answer = 'SchemaError' | 'ExplorerResponse' | 'ExplorerSubscriptionResponse';

/** The greatest length of document and variables together, in characters. The server also has a limit of its own. */
export const maxOperationChars = 1_000_000;
const maxIdChars = 200;

/**
 * Reads a message of the frame. The page in the frame belongs to another company, so every member is checked, and the
 * returned request is made anew. It never throws.
 *
 * These messages of `@apollo/sandbox` are ignored: `SetPartialAuthenticationTokenForParent`, `TriggerLogoutInParent` and
 * `ExplorerListeningForPartialToken` write and read this origin's local storage. `PreflightOAuthRequest` opens an
 * address of the frame's choice in a window that can reach this page.
 */
export function readFrameMessage(data: unknown, addresses: Addresses): FrameRequest {
  if (!isRecord(data)) return { kind: 'ignored' };
  switch (data['name']) {
    case 'ExplorerListeningForHandshake':
      return { kind: 'handshake' };
    case 'IntrospectionQueryWithHeaders':
      return readIntrospection(data, addresses);
    case 'ExplorerRequest':
      return readOperation('operation', data, data['endpointUrl'], addresses.endpoint);
    case 'ExplorerSubscriptionRequest':
      return readOperation('subscription', data, data['subscriptionUrl'], addresses.subscriptions);
    case 'ExplorerSubscriptionTermination':
      return { kind: 'termination', operationId: idOf(data) };
    default:
      return { kind: 'ignored' };
  }
}

function readIntrospection(data: Readonly<Record<string, unknown>>, addresses: Addresses): FrameRequest {
  const { introspectionRequestBody: text, introspectionRequestHeaders: headers, operationId } = data;
  const isShort = typeof text === 'string' && text.length <= maxOperationChars;
  const body = isShort ? parsed(text) : null;
  const inner = {
    operationId,
    headers,
    operation: body?.['query'],
    operationName: body?.['operationName'] ?? undefined,
  };
  return readOperation('introspection', inner, data['sandboxEndpointUrl'], addresses.endpoint);
}

const answers = {
  introspection: 'SchemaError',
  operation: 'ExplorerResponse',
  subscription: 'ExplorerSubscriptionResponse',
} as const;

function readOperation(
  kind: keyof typeof answers,
  data: Readonly<Record<string, unknown>>,
  address: unknown,
  expected: string,
): FrameRequest {
  const operationId = idOf(data);
  const fault = operationId === null ? 'no operation ID' : faultOf(kind, data, address, expected);
  if (operationId === null || fault !== null) {
    return { kind: 'refused', reason: fault ?? 'no operation ID', operationId, answer: answers[kind] };
  }
  const { operation, operationName, variables, headers } = data;
  const { sent, withheld } = safeHeaders(headers);
  return {
    kind,
    operation: {
      operationId,
      query: String(operation),
      operationName: typeof operationName === 'string' ? operationName : undefined,
      variables: isRecord(variables) ? variables : undefined,
      headers: sent,
      withheld,
    },
  };
}

/** Returns why an operation is not sent. The message repeats nothing that the frame chose. */
function faultOf(
  kind: keyof typeof answers,
  { operation, operationName, variables, fileVariables, protocol }: Readonly<Record<string, unknown>>,
  address: unknown,
  expected: string,
): string | null {
  if (!isSameAddress(address, expected)) return `This page sends operations to ${expected} and nowhere else`;
  if (typeof operation !== 'string' || operation === '') return 'The operation has no text';
  if (!isAbsent(operationName) && typeof operationName !== 'string') return 'The name of the operation is not a text';
  if (!isAbsent(variables) && !isRecord(variables)) return 'The variables are not an object';
  if (Array.isArray(fileVariables) && fileVariables.length > 0) return 'This server accepts no files: send JSON';
  if (kind === 'subscription' && protocol !== 'graphql-ws') {
    return 'Choose the protocol graphql-ws for subscriptions in the settings of Sandbox';
  }
  const length = operation.length + lengthOf(variables);
  return length <= maxOperationChars ? null : `The operation is too long: at most ${maxOperationChars} characters`;
}

/** Returns the length of a value as JSON. A value that has no JSON is endless. */
function lengthOf(value: unknown): number {
  try {
    return JSON.stringify(value ?? null).length;
  } catch {
    return Infinity;
  }
}

function isSameAddress(address: unknown, expected: string): boolean {
  if (typeof address !== 'string' || !URL.canParse(address)) return false;
  return new URL(address).href === new URL(expected).href;
}

function idOf({ operationId }: Readonly<Record<string, unknown>>): string | null {
  return typeof operationId === 'string' && operationId !== '' && operationId.length <= maxIdChars ? operationId : null;
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
