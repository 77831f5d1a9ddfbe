import { ClaimgateError } from '../../errors.ts';
import { fromBase64url, toBase64url } from './base64url.ts';

/** The content of a global ID: the type of an object, and the object's identifier in its module. */
interface NamedNode {
  readonly type: string;
  readonly id: string;
}

/**
 * Returns the `id` of an object. It is opaque to callers, and unique in the whole API.
 *
 * @param type - the name of the object's type in the schema
 * @param id - the object's identifier in its module: 1 to 256 printable ASCII characters without spaces
 * @throws TypeError if type or id cannot be part of a global ID
 */
export function toGlobalId(type: string, id: string): string {
  const globalId = toBase64url(`${type}:${id}`);
  if (nodeOf(globalId)) return globalId;
  throw new TypeError(`An id of the type ${type} needs 1 to 256 printable ASCII characters without spaces`);
}

/**
 * Returns the account ID that an argument names. The argument may be the global ID of an account or the account ID
 * itself.
 *
 * @param accountType - the name of the type of accounts in the schema
 * @returns `null` for the global ID of another type
 */
export function accountIdOfGlobalId(accountType: string, argument: string): string | null {
  const [, type, id] = /^([A-Z]\w*):([^]*)$/.exec(fromBase64url(argument) ?? '') ?? [];
  if (type === undefined) return argument;
  return type === accountType && id ? id : null;
}

/**
 * Returns the object's identifier in a global ID. Does not check that the object exists.
 *
 * @param type - the type that the object must have
 * @throws ClaimgateError `BAD_USER_INPUT` if `globalId` is not a global ID of this type
 */
export function fromGlobalId(type: string, globalId: string): string {
  const node = nodeOf(globalId);
  if (node?.type !== type) throw new ClaimgateError('BAD_USER_INPUT', `id: expected the id of a ${type}.`);
  return node.id;
}

/** Decodes a global ID. Does not check that the object or the type exists. @returns null for any other text */
export function nodeOf(globalId: string): NamedNode | null {
  // Only printable ASCII is accepted, because some databases refuse other characters. PostgreSQL refuses U+0000 in a
  // parameter.
  const [, type, id] = /^([_A-Za-z]\w*):([\x21-\x7e]{1,256})$/.exec(fromBase64url(globalId) ?? '') ?? [];
  return type === undefined || id === undefined ? null : { type, id };
}
