import type { KeySource } from '../../issuer/key-source.ts';
import type { ClaimPath } from '../../protocol/claim-path.ts';
import { optionsOf } from '../../protocol/options/check-options.ts';
import { aBoolean, aString, expectsKind, strings, withFunctions } from '../../protocol/options/kinds.ts';
import { type Check, listOf, type Settings } from '../../protocol/options/object.ts';
import { isNumber, isString, isStrings } from '../../protocol/options/values.ts';
import { isRecord } from '../../protocol/record.ts';
import type { PresetName } from './presets.ts';
import type { RolesTable } from './roles.ts';

/** The options of an accepted issuer. */
export interface IssuerOptions {
  /**
   * The value of `iss`, compared as an exact string. A slash at the end makes a different issuer. If `keys` makes the
   * address of the metadata from it, it must be an https URL, or http on loopback. Otherwise any text is allowed.
   */
  readonly issuer: string;
  /**
   * The accepted values of `aud`, compared as exact strings. A token must name at least one of them (RFC 9068 §4). With
   * the presets `clerk` and `cognito`, another claim counts if a token has no `aud`.
   */
  readonly audience: readonly string[];
  /**
   * The product that signs the tokens. The preset sets the defaults of the other options. Default: no preset; the
   * tokens follow RFC 9068.
   */
  readonly preset?: PresetName;
  /**
   * The accepted signature algorithms (RFC 8725 §3.1). They must be asymmetric. Default: from the preset. Without a
   * preset this option is required.
   */
  readonly algorithms?: readonly string[];
  /**
   * The accepted media types in `typ`. Case and the prefix `application/` are ignored. null accepts a header without
   * `typ`. Default: from the preset, else `['at+jwt']` (RFC 9068 §4).
   */
  readonly typ?: readonly (string | null)[];
  /**
   * The claims that hold scopes. The value of a claim is a text of scopes separated by spaces, or an array of texts.
   * The token has the scopes of all these claims. Default: from the preset, else `['scope']` (RFC 9068 §2.2.3). Some
   * issuers use `scp` or `permissions`.
   */
  readonly scopeClaims?: readonly string[];
  /** The tables that give scopes to roles or groups. Default: no tables; roles give no scopes. */
  readonly roles?: readonly RolesTable[];
  /**
   * The claims that may hold the client ID. The first claim that is present counts. `[]`: no token names a client.
   * Default: from the preset, else `['client_id']`.
   */
  readonly clientIdClaims?: readonly string[];
  /**
   * The claims that may hold the token ID. The first claim that is present counts. `[]`: no token has an ID, and the
   * verifier uses a hash of all claims instead. Default: from the preset, else `['jti']`.
   */
  readonly tokenIdClaims?: readonly string[];
  /**
   * Claims that must have one of the listed values, for example `{ tty: ['at'] }`. `[]`: the claim must be present, and
   * may have any value. The required claims of the preset are added, except a claim that is also in this option.
   * Default: no further claims.
   */
  readonly requiredClaims?: Readonly<Record<string, readonly string[]>>;
  /**
   * Claims that must be absent. They distinguish the ID tokens of the issuer from its access tokens. The forbidden
   * claims of the preset are added. If there is no preset and `typ` accepts more than `at+jwt`, the claims `nonce`,
   * `at_hash`, `c_hash` and `events` are added. Default: no further claims.
   */
  readonly forbiddenClaims?: readonly string[];
  /**
   * The path of the claim that holds the account ID. It may be set only for the primary issuer. A token without this
   * claim has no account, and neither has an application without a person. Default `['sub']`.
   */
  readonly accountId?: ClaimPath;
  /** How far the issuer's clock may differ from this server's clock, in seconds, 0 to 300. Default 5. */
  readonly clockToleranceSeconds?: number;
  /** The source of the issuer's keys: `localKeys` or `remoteKeys`. */
  readonly keys: KeySource;
  /** Whether the subjects of this issuer are the accounts of this system. At most one issuer may be primary. */
  readonly primary: boolean;
}

/** The options of one issuer and their types. */
export const issuerSettings: Settings<IssuerOptions> = {
  issuer: { check: aString, required: true },
  // `meaning` reports a missing audience.
  audience: { check: strings },
  preset: { check: aString },
  algorithms: { check: strings },
  typ: {
    check: expectsKind(
      'an array of strings, or null for none',
      (value) => Array.isArray(value) && value.every((typ) => typ === null || isString(typ)),
    ),
  },
  scopeClaims: { check: strings },
  roles: {
    check: listOf(
      'an array of tables of roles',
      optionsOf<RolesTable>({
        claim: { check: strings, required: true },
        member: { check: aString },
        scopes: { check: expectsKind('an object of arrays of scopes by role', isListsByName), required: true },
      }),
    ),
  },
  clientIdClaims: { check: strings },
  tokenIdClaims: { check: strings },
  requiredClaims: { check: expectsKind('an object of arrays of values by claim', isListsByName) },
  forbiddenClaims: { check: strings },
  accountId: { check: strings },
  clockToleranceSeconds: { check: expectsKind('a number of seconds, 0 to 300', isNumber) },
  keys: { check: withFunctions('the result of remoteKeys or localKeys', 'find', 'has'), required: true },
  primary: { check: aBoolean, required: true },
};

/**
 * Makes the check of the options of one issuer. It reports unknown names, earlier names, missing options and wrong
 * types.
 *
 * @param meaning - returns the faults of the values. It is called only if all types are correct
 */
export function issuerCheck(meaning: (options: IssuerOptions) => readonly string[]): Check {
  const renamed = { clockTolerance: 'clockToleranceSeconds, in seconds as before' };
  return optionsOf(issuerSettings, renamed, function* (options, place) {
    // All types are correct here.
    for (const fault of meaning(options as unknown as IssuerOptions)) yield `${place}: ${fault}`;
  });
}

function isListsByName(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every(isStrings);
}
