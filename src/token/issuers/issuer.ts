import { StartError } from '../../errors.ts';
import { algorithmHint, asymmetricAlgorithms, keyTypeOf } from '../../protocol/algorithms.ts';
import { shown } from '../../protocol/shown.ts';
import type { ClaimPath } from '../../protocol/claim-path.ts';
import type { KeySource } from '../../issuer/key-source.ts';
import { issuerNameFaults } from '../../issuer/name.ts';
import { type PresetName, presets } from './presets.ts';
import type { RolesTable } from './roles.ts';
import { identityClaims, standardShape, type TokenShape } from './shape.ts';
import { nearestHint } from '../../protocol/nearest.ts';
import { isScopeToken } from '../../protocol/scope.ts';

/** An issuer whose access tokens are accepted, as configured. */
export interface IssuerOptions {
  /**
   * `iss`, compared as an exact string: a slash more or less is another issuer. https, or http on loopback, where `keys` looks for
   * metadata there; any text where `keys` has them from elsewhere.
   */
  readonly issuer: string;
  /** `aud`: a token must name at least one of these (RFC 9068 §4). Compared as exact strings. */
  readonly audience: readonly string[];
  /** Whose product it is, for what its tokens look like. Default: none, and they follow RFC 9068. */
  readonly preset?: PresetName;
  /** The signature algorithms accepted (RFC 8725 §3.1), asymmetric ones only. Default: the preset's; else required. */
  readonly algorithms?: readonly string[];
  /**
   * The media types accepted in `typ`, in any case, with or without `application/`; null accepts a header without one.
   * Default: the preset's, else `['at+jwt']` (RFC 9068 §4).
   */
  readonly typ?: readonly (string | null)[];
  /**
   * The claims that hold scopes, each a text with spaces between or an array of texts; what they hold is put together.
   * Default: the preset's, else `['scope']` (RFC 9068 §2.2.3). Others in use are `scp` and `permissions`.
   */
  readonly scopeClaims?: readonly string[];
  /** How its roles or groups become scopes. Default: not at all. */
  readonly roles?: readonly RolesTable[];
  /** The claims that hold the client's ID: the first that is there counts. `[]`: no token names a client. Default: the preset's, else `['client_id']`. */
  readonly clientIdClaims?: readonly string[];
  /**
   * The claims that hold the token's own ID: the first that is there counts. `[]`: no token has one, and a hash of all its claims
   * stands for it. Default: the preset's, else `['jti']`.
   */
  readonly tokenIdClaims?: readonly string[];
  /** Claims that must have one of these values, beside the preset's: `{ tty: ['at'] }`. With `[]` a claim must be there. Default: none. */
  readonly requiredClaims?: Readonly<Record<string, readonly string[]>>;
  /** Claims that no access token of it has, beside the preset's: what tells its ID tokens apart. Default: none. */
  readonly forbiddenClaims?: readonly string[];
  /** Where the account's ID is, in tokens of the primary issuer. Default `['sub']`. Tokens without it have no account. */
  readonly accountId?: ClaimPath;
  /** How far the issuer's clock may be off, in seconds, 0 to 300. Default 5. */
  readonly clockTolerance?: number;
  /** Where its keys come from: `localKeys` or `remoteKeys`. */
  readonly keys: KeySource;
  /** Whether its subjects are the accounts of this system. At most one issuer is primary. */
  readonly primary: boolean;
}

/** An issuer that was found in order, with its defaults filled in. */
export type Issuer = Required<Omit<IssuerOptions, 'preset' | 'requiredClaims' | 'forbiddenClaims'>> & TokenShape;

/**
 * Checks the issuers of a verifier.
 *
 * @returns the issuers by `iss`
 * @throws StartError with all faults of all issuers, each naming its issuer
 */
export function checkIssuers(options: readonly IssuerOptions[]): ReadonlyMap<string, Issuer> {
  const faults = issuerFaults(options);
  if (options.length === 0) faults.push('issuers: at least one is needed, or no token could ever be accepted');
  if (faults.length > 0) throw new StartError(faults);
  return new Map(options.map((issuer) => [issuer.issuer, withDefaults(issuer)]));
}

/** All that is wrong with these issuers, each fault naming its issuer. */
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
      // Where `typ` does not tell other tokens from access tokens, their claims must.
      ...(preset === undefined && !typ.every(isAccessTokenType) ? identityClaims : []),
      ...(forbiddenClaims ?? []),
    ],
    ...(options.clientIdClaims && { clientless: options.clientIdClaims.length === 0 }),
    ...(options.tokenIdClaims && { anonymousTokens: options.tokenIdClaims.length === 0 }),
  };
}

/** An option that is there and undefined is one that is not there. */
function withoutUndefined<T extends object>(options: T): T {
  // Only what may be left out is.
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

/** A required option may be missing all the same, in a program without types. */
function isHollow(names: readonly (string | null)[] | undefined): boolean {
  return !names || names.length === 0 || names.includes('');
}
