import { shown } from '../../protocol/shown.ts';
import { isSecureUrl } from '../../protocol/url.ts';

/**
 * The address of an issuer's keys or metadata, if the address of the metadata cannot be made from the issuer's name.
 * Configure at most one of the two options.
 */
export interface KeyLocation {
  /** The address of the key set. No metadata is read. */
  readonly jwksUri?: string;
  /**
   * The address of the metadata document. The document names the address of the key set. Its `issuer` is not compared.
   */
  readonly metadata?: string;
}

/** Returns the faults of a location. They contain no user name or password of an address. */
export function locationFaults({ jwksUri, metadata }: KeyLocation): string[] {
  const faults = Object.entries({ jwksUri, metadata }).flatMap(([name, address]) =>
    address === undefined || isLocation(address)
      ? []
      : [`${name} must be an https URL (http on a loopback address only) without user and fragment${found(address)}`],
  );
  if (jwksUri !== undefined && metadata !== undefined)
    faults.push('has both jwksUri and metadata: expected one of them');
  return faults;
}

function isLocation(address: unknown): boolean {
  const url = typeof address === 'string' ? URL.parse(address) : null;
  return url !== null && isSecureUrl(url) && !url.username && !url.password && !String(address).includes('#');
}

function found(address: unknown): string {
  return typeof address === 'string' && !address.includes('@') ? `, found ${shown(address)}` : '';
}
