import { type ErrorCode, errorKinds } from '../errors.ts';

/** What every Bearer challenge of this server says. */
export interface ChallengeOptions {
  /** The protection space (RFC 9110 §11.5), as a person may read it. */
  readonly realm: string;
  /** URL of the protected resource metadata, where a client learns whom to ask for a token (RFC 9728 §5.1). */
  readonly resourceMetadata: string;
}

/**
 * The `WWW-Authenticate` value of an error code (RFC 6750 §3).
 *
 * @param extra - `scope`: what would be enough, space separated; `description`: what went wrong, for a developer.
 * A challenge without an error, for a request without a token, leaves the description out (RFC 6750 §3.1).
 * Characters that the grammar has no room for are dropped, so that no value can end a parameter or a header.
 * @returns `undefined` where the code is no matter of authentication
 */
export function challenge(
  options: ChallengeOptions,
  code: ErrorCode,
  extra: { readonly scope?: string; readonly description?: string } = {},
): string | undefined {
  const error = errorKinds[code].challenge;
  if (error === undefined) return undefined;
  const parameters = [
    `realm=${quotedString(options.realm)}`,
    `resource_metadata=${quotedString(options.resourceMetadata)}`,
  ];
  if (error !== null) {
    parameters.push(`error="${error}"`);
    if (extra.description) parameters.push(`error_description="${plain(extra.description)}"`);
  }
  if (extra.scope) parameters.push(`scope="${plain(extra.scope)}"`);
  return `Bearer ${parameters.join(', ')}`;
}

/** RFC 9110 §5.6.4, in visible ASCII and spaces only. */
function quotedString(text: string): string {
  return `"${text.replaceAll(/[^ -~]/g, '').replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** `%x20-21 / %x23-5B / %x5D-7E`: the characters of `error_description` and `scope` (RFC 6750 §3). */
function plain(text: string): string {
  return text.replaceAll('"', "'").replaceAll(/[^ !#-[\]-~]/g, '');
}
