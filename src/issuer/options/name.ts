import { shown } from '../../protocol/shown.ts';
import { isSecureUrl } from '../../protocol/url.ts';

/**
 * A placeholder from the documentation of an issuer, such as `{tenantid}`, `${yourOktaDomain}` or `<tenant>`. The
 * braces may be percent-encoded.
 */
const placeholder = /\{[^{}]*\}|<[^<>]*>|%7b[^{}]*?%7d/i;

/** Microsoft's addresses for several tenants. They are never the `iss` of a token, because `iss` names one tenant. */
const severalTenants =
  /^https?:\/\/(?:login\.(?:[\w-]+\.)*microsoftonline\.[\w.]+|login\.windows\.net|sts\.windows\.net)\/(?:common|organizations|consumers)(?:\/|$)/i;

/**
 * Returns the faults of the name of an issuer (`iss`).
 *
 * @param isAddress - whether the address of the metadata is made from the name. If false, the name is only compared
 * with `iss`
 */
export function issuerNameFaults(issuer: string, isAddress: boolean): string[] {
  const template = placeholder.exec(issuer);
  if (template) {
    return [
      `holds the placeholder ${shown(template[0])}: expected the whole name, as it stands in iss of a token, for each tenant an entry of its own`,
    ];
  }
  if (severalTenants.test(issuer)) {
    return [
      'stands for several tenants, and no token names it: expected the issuer of one tenant, with its ID (a UUID) in the place of common, organizations or consumers, for each tenant an entry of its own',
    ];
  }
  if (!isAddress) {
    // The name is not trimmed, because `iss` is compared exactly.
    return /^[\p{C}\p{Z}]|[\p{C}\p{Zl}\p{Zp}]|[\p{C}\p{Z}]$|^$/u.test(issuer)
      ? ['must be a text without invisible characters, as it stands in iss of a token']
      : [];
  }
  const faults: string[] = [];
  const url = URL.parse(issuer);
  if (!url || !isSecureUrl(url)) {
    faults.push(
      'must be an https URL (http on a loopback address only), since its metadata is looked for there: where its tokens have another iss, set metadata or jwksUri to say where its keys are',
    );
  }
  // A name has no query, fragment or user (RFC 8414 §2). The host of `https://ours@theirs/` is `theirs`.
  if (/[?#]/.test(issuer) || url?.username || url?.password) faults.push('must have no query, fragment or user');
  return faults;
}
