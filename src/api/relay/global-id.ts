import { ClaimgateError } from '../../errors.ts';
import { fromBase64url, toBase64url } from './base64url.ts';

/** What a global ID names: the object of this type that its own module knows by this identifier. */
interface NamedNode {
  readonly type: string;
  readonly id: string;
}

/**
 * The `id` of an object: opaque to callers, and unlike that of any other object in the whole API.
 *
 * @param type - the name of its type in the schema
 * @param id - what its module knows it by: from 1 to 256 printable ASCII characters without spaces
 * @throws TypeError where type or id cannot be part of a global ID
 */
export function toGlobalId(type: string, id: string): string {
  const globalId = toBase64url(`${type}:${id}`);
  if (nodeOf(globalId)) return globalId;
  throw new TypeError(`An id of the type ${type} needs 1 to 256 printable ASCII characters without spaces`);
}

/**
 * The account that an argument means: by its global ID, or by the identifier that principals have.
 *
 * @param accountType - the name of the type of accounts in the schema
 * @returns `null` for the global ID of something else
 */
export function accountIdOf(accountType: string, argument: string): string | null {
  const [, type, id] = /^([A-Z]\w*):([^]*)$/.exec(fromBase64url(argument) ?? '') ?? [];
  if (type === undefined) return argument;
  return type === accountType && id ? id : null;
}

/**
 * The identifier that a caller means. Does not check whether there is such an object.
 *
 * @param type - the name of the type in the schema that the object must have
 * @throws ClaimgateError `BAD_USER_INPUT` for what is not the global ID of this type
 */
export function fromGlobalId(type: string, globalId: string): string {
  const node = nodeOf(globalId);
  if (node?.type !== type) throw new ClaimgateError('BAD_USER_INPUT', `id: expected the id of a ${type}.`);
  return node.id;
}

/** What a global ID names. Does not check whether there is such an object or type. @returns null for what is no global ID */
export function nodeOf(globalId: string): NamedNode | null {
  // Printable ASCII: PostgreSQL, for one, takes no U+0000 in a parameter.
  const [, type, id] = /^([_A-Za-z]\w*):([\x21-\x7e]{1,256})$/.exec(fromBase64url(globalId) ?? '') ?? [];
  return type === undefined || id === undefined ? null : { type, id };
}
