import { StartError } from '../../errors.ts';
import { algorithmHint, asymmetricAlgorithms, keyTypeOf } from '../../protocol/keys/algorithms.ts';
import { shown } from '../../protocol/shown.ts';
import type { ClaimPath } from '../../protocol/claim-path.ts';
import type { KeySource } from '../../issuer/key-source.ts';
import { issuerNameFaults } from '../../issuer/options/name.ts';
import { type PresetName, presets } from './presets.ts';
import type { RolesTable } from './roles.ts';
import { identityClaims, standardShape, type TokenShape } from './shape.ts';
import { nearestHint } from '../../protocol/nearest.ts';
import { isScopeToken } from '../../protocol/scope.ts';

/** An issuer whose access tokens are accepted, as configured. */
export interface IssuerOptions {
  /**
   * The value of `iss`, compared as an exact string. A slash at the end makes a different issuer. If `keys` reads the
   * metadata below this URL, the URL must have the scheme https, or http on loopback. Otherwise any text is allowed.
   */
  readonly issuer: string;
  /** The accepted values of `aud`, compared as exact strings. A token must name at least one of them (RFC 9068 §4). */
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
   * may have any value. The required claims of the preset are added. Default: no further claims.
   */
  readonly requiredClaims?: Readonly<Record<string, readonly string[]>>;
  /**
   * Claims that must be absent. They distinguish the ID tokens of the issuer from its access tokens. The forbidden
   * claims of the preset are added. Default: no further claims.
   */
  readonly forbiddenClaims?: readonly string[];
  /**
   * The path of the claim that holds the account ID. It is read only from tokens of the primary issuer. A token without
   * this claim has no account. Default `['sub']`.
   */
  readonly accountId?: ClaimPath;
  /** How far the issuer's clock may differ from this server's clock, in seconds, 0 to 300. Default 5. */
  readonly clockTolerance?: number;
  /** The source of the issuer's keys: `localKeys` or `remoteKeys`. */
  readonly keys: KeySource;
  /** Whether the subjects of this issuer are the accounts of this system. At most one issuer may be primary. */
  readonly primary: boolean;
}

/** The checked options of an issuer. Missing options have their defaults. */
export type Issuer = Required<Omit<IssuerOptions, 'preset' | 'requiredClaims' | 'forbiddenClaims'>> & TokenShape;

/**
 * Checks the issuers of a verifier.
 *
 * @returns the issuers by `iss`
 * @throws StartError with all faults of all issuers. The fault of an issuer contains its name
 */
export function checkIssuers(options: readonly IssuerOptions[]): ReadonlyMap<string, Issuer> {
  const faults = issuerFaults(options);
  if (options.length === 0) faults.push('issuers: at least one is needed, or no token could ever be accepted');
  if (faults.length > 0) throw new StartError(faults);
  return new Map(options.map((issuer) => [issuer.issuer, withDefaults(issuer)]));
}

/** Returns all faults of these issuers. The fault of an issuer contains its name. */
export function issuerFaults(options: readonly IssuerOptions[]): string[] {
  const faults = options.flatMap((issuer) =>
    faultsOf(issuer).map((fault) => `issuer "${shown(issuer.issuer)}": ${fault}`),
  );
  const names = options.map(({ issuer }) => issuer);
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) < index))) {
    faults.push(`issuer "${name}": each may be given once only`);
  }
  if (options.filter(({ primary }) => primary).length > 1) faults.push('issuers: at most one may be primary');
  return faults;
}

function withDefaults({ preset, requiredClaims, forbiddenClaims, ...options }: IssuerOptions): Issuer {
  const shape = preset === undefined ? { ...standardShape, algorithms: [] } : presets[preset];
  const typ = options.typ ?? shape.typ;
  return {
    ...shape,
    roles: [],
    accountId: ['sub'],
    clockTolerance: 5,
    ...withoutUndefined(options),
    required: { ...shape.required, ...requiredClaims },
    forbidden: [
      ...shape.forbidden,
      // If `typ` does not distinguish access tokens from other tokens, the identity claims distinguish them.
      ...(preset === undefined && !typ.every(isAccessTokenType) ? identityClaims : []),
      ...(forbiddenClaims ?? []),
    ],
    ...(options.clientIdClaims && { clientless: options.clientIdClaims.length === 0 }),
    ...(options.tokenIdClaims && { anonymousTokens: options.tokenIdClaims.length === 0 }),
  };
}

/** Removes options whose value is undefined, so that their defaults apply. */
function withoutUndefined<T extends object>(options: T): T {
  // The cast is safe: only optional members can be undefined.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

function isAccessTokenType(typ: string | null): boolean {
  return typ !== null && /^(?:application\/)?at\+jwt$/i.test(typ);
}

function faultsOf(options: IssuerOptions): string[] {
  if (options.preset !== undefined && !Object.hasOwn(presets, options.preset)) {
    const names = Object.keys(presets);
    const hint = nearestHint(options.preset, names);
    return [`there is no preset "${options.preset}"; expected one of ${names.join(', ')}${hint}`];
  }
  const { issuer, audience, algorithms, typ, scopeClaims, roles, accountId, clockTolerance } = withDefaults(options);
  const faults: string[] = [];
  faults.push(...issuerNameFaults(issuer, options.keys.discovers === true));
  if (isHollow(audience)) faults.push('audience must name at least one, and none empty');
  if (algorithms.length === 0) faults.push('algorithms must name at least one');
  for (const algorithm of algorithms) {
    if (!keyTypeOf(algorithm)) {
      faults.push(
        `algorithm "${algorithm}" cannot be accepted: expected one of ${asymmetricAlgorithms.join(', ')}${algorithmHint(algorithm)}`,
      );
    }
  }
  if (isHollow(typ)) faults.push('typ must name at least one, and none empty');
  if (isHollow(scopeClaims)) faults.push('scopeClaims must name at least one, and none empty');
  for (const name of ['clientIdClaims', 'tokenIdClaims', 'forbiddenClaims'] as const) {
    if (options[name]?.includes('')) faults.push(`${name} must have no empty name`);
  }
  for (const { claim, member, scopes } of roles) {
    if (member === '') faults.push('roles: member must be the name of a member');
    if (isHollow(claim)) faults.push('roles: claim must be the path of a claim, and no name in it empty');
    for (const [role, given] of Object.entries(scopes)) {
      if (!given.every(isScopeToken)) faults.push(`roles: "${role}" must give scope tokens (RFC 6749 §3.3)`);
    }
  }
  if (isHollow(accountId)) faults.push('accountId must be the path of a claim, and no name in it empty');
  if (options.accountId && !options.primary) faults.push('accountId: only the primary issuer has accounts here');
  if (!(clockTolerance >= 0 && clockTolerance <= 300)) faults.push('clockTolerance must be 0 to 300 seconds');
  return faults;
}

/** Whether a list is missing, is empty or has an empty name. A JavaScript program may omit a required option. */
function isHollow(names: readonly (string | null)[] | undefined): boolean {
  return !names || names.length === 0 || names.includes('');
}
