import { type Check, membersOf } from '../../protocol/options/object.ts';
import { isRecord } from '../../protocol/record.ts';
import { algorithmHint, asymmetricAlgorithms, keyTypeOf } from '../../protocol/keys/algorithms.ts';
import { kindOf, shown } from '../../protocol/shown.ts';
import { issuerNameFaults } from '../../issuer/options/name.ts';
import { issuerCheck, type IssuerOptions, issuerSettings } from './options.ts';
import { presets } from './presets.ts';
import { identityClaims, standardShape, type TokenShape } from './shape.ts';
import { nearest, nearestHint } from '../../protocol/nearest.ts';
import { isScopeToken } from '../../protocol/scope.ts';

/** The checked options of an issuer. Missing options have their defaults. */
export type Issuer = Required<Omit<IssuerOptions, 'preset' | 'requiredClaims' | 'forbiddenClaims'>> & TokenShape;

/** The check of the option `issuers`, with the faults of each issuer. */
export const checkIssuers: Check = function* (value, place) {
  if (!Array.isArray(value)) yield `${place}: expected an array of issuers; found ${kindOf(value)}`;
  else if (value.length === 0) yield 'issuers: at least one is needed, or no token could ever be accepted';
  else yield* issuerFaults(value);
};

/** Fills in the defaults of checked issuers. @returns the issuers by `iss` */
export function issuersByName(options: readonly IssuerOptions[]): ReadonlyMap<string, Issuer> {
  return new Map(options.map((issuer) => [issuer.issuer, withDefaults(issuer)]));
}

/** Returns all faults of these issuers. The fault of an issuer contains its name. */
export function issuerFaults(options: readonly IssuerOptions[]): string[] {
  const records = options.map((issuer: unknown) => (isRecord(issuer) ? issuer : {}));
  const faults = options.flatMap((issuer, index) => {
    const name = records[index]?.issuer;
    return [...checkIssuer(issuer, typeof name === 'string' ? `issuer "${shown(name)}"` : `issuers[${index}]`, {})];
  });
  const names = records.map(({ issuer }) => issuer).filter((name) => typeof name === 'string');
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) < index))) {
    faults.push(`issuer "${shown(name)}": each may be given once only`);
  }
  if (records.filter(({ primary }) => primary === true).length > 1) faults.push('issuers: at most one may be primary');
  return faults;
}

const audienceFault = 'audience must name at least one, and none empty';
const checkIssuer = issuerCheck((options) =>
  faultsOf(options).filter((fault) => fault !== audienceFault || !isMisspelled(options, 'audience')),
);

function withDefaults(given: IssuerOptions): Issuer {
  const { preset, requiredClaims, forbiddenClaims, ...options } = membersOf(issuerSettings, given);
  const shape = preset === undefined ? { ...standardShape, algorithms: [] } : presets[preset];
  const typ = options.typ ?? shape.typ;
  return {
    ...shape,
    roles: [],
    accountId: ['sub'],
    clockToleranceSeconds: 5,
    ...options,
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

function isAccessTokenType(typ: string | null): boolean {
  return typ !== null && /^(?:application\/)?at\+jwt$/i.test(typ);
}

function faultsOf(options: IssuerOptions): string[] {
  if (options.preset !== undefined && !Object.hasOwn(presets, options.preset)) {
    const names = Object.keys(presets);
    const hint = nearestHint(options.preset, names);
    return [`there is no preset "${options.preset}"; expected one of ${names.join(', ')}${hint}`];
  }
  const { issuer, audience, algorithms, typ, scopeClaims, roles, accountId, clockToleranceSeconds } =
    withDefaults(options);
  const faults: string[] = [];
  faults.push(...issuerNameFaults(issuer, options.keys.discovers === true));
  if (isHollow(audience)) faults.push(audienceFault);
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
  if (!(clockToleranceSeconds >= 0 && clockToleranceSeconds <= 300))
    faults.push('clockToleranceSeconds must be 0 to 300 seconds');
  return faults;
}

/** Whether an option is missing, and an unknown option has a similar name. That name is reported already. */
function isMisspelled(options: IssuerOptions, option: keyof IssuerOptions): boolean {
  const known = Object.keys(issuerSettings);
  const others = Object.keys(options).filter((name) => !known.includes(name));
  return options[option] === undefined && others.some((name) => nearest(name, known) === option);
}

/** Whether a list is missing, is empty or has an empty name. A JavaScript program may omit a required option. */
function isHollow(names: readonly (string | null)[] | undefined): boolean {
  return !names || names.length === 0 || names.includes('');
}
