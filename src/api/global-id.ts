import { ClaimgateError } from '../errors.ts';
import { fromBase64url, toBase64url } from './base64url.ts';

/** The types whose objects have an identifier that is unique in the whole API. */
export type NodeType = (typeof nodeTypes)[number];

const nodeTypes = ['Account', 'Application', 'AuditEvent', 'Grant', 'SigningKey', 'SignInSession'] as const;

/** The `id` of an object: opaque to callers. */
export function toGlobalId(type: NodeType, id: string): string {
  return toBase64url(`${type}:${id}`);
}

/**
 * The account that an argument means: by its global ID, or by the identifier that principals have.
 *
 * @returns `null` for the global ID of something else
 */
export function accountIdOf(argument: string): string | null {
  const [, type, id] = /^([A-Z]\w*):([^]*)$/.exec(fromBase64url(argument) ?? '') ?? [];
  if (type === undefined) return argument;
  return type === ('Account' satisfies NodeType) && id ? id : null;
}

/**
 * The identifier that a caller means. Does not check whether there is such an object.
 *
 * @throws ClaimgateError `BAD_USER_INPUT` for what is not the global ID of this type
 */
export function fromGlobalId(type: NodeType, globalId: string): string {
  const node = nodeOf(globalId);
  if (node?.type !== type) throw new ClaimgateError('BAD_USER_INPUT', `id: expected the id of a ${type}.`);
  return node.id;
}

/** What a global ID names. Does not check whether there is such an object. @returns null for what is no global ID */
export function nodeOf(globalId: string): { readonly type: NodeType; readonly id: string } | null {
  // Printable ASCII: PostgreSQL, for one, takes no U+0000 in a parameter.
  const [, name, id] = /^([A-Z]\w*):([\x21-\x7e]{1,256})$/.exec(fromBase64url(globalId) ?? '') ?? [];
  const type = nodeTypes.find((one) => one === name);
  return type === undefined || id === undefined ? null : { type, id };
}
