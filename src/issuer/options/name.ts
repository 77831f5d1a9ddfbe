import { shown } from '../../protocol/shown.ts';
import { isSecureUrl } from '../../protocol/url.ts';

/** A placeholder from an issuer's documentation: `{tenantid}`, `${yourOktaDomain}`, `<tenant>`, and `{tenantid}` percent-encoded. */
const placeholder = /\{[^{}]*\}|<[^<>]*>|%7b[^{}]*?%7d/i;

/**
 * Microsoft's addresses for several tenants. Tokens do not have such an address in `iss`, but the issuer of one tenant.
 */
const severalTenants =
  /^https?:\/\/(?:login\.(?:[\w-]+\.)*microsoftonline\.[\w.]+|login\.windows\.net|sts\.windows\.net)\/(?:common|organizations|consumers)(?:\/|$)/i;

/**
 * Returns the faults of the name of an issuer (`iss`).
 *
 * @param isAddress - whether the name is also the address of the metadata. Otherwise it is only a string that `iss` is
 * compared with
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
    // Not trimmed: `iss` is compared exactly.
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
  // RFC 8414 §2. The host of `https://ours@theirs/` is `theirs`.
  if (/[?#]/.test(issuer) || url?.username || url?.password) faults.push('must have no query, fragment or user');
  return faults;
}
