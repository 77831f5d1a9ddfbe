import { type AllSchemaOptions, partsOfModules, renamedSchemaOptions, schemaSettings } from '../auth/schema-options.ts';
import { createGuardedSchema } from '../auth/schema.ts';
import type { GuardedSchema, GuardedSchemaOptions } from '../auth/guarded-schema.ts';
import { StartError } from '../errors.ts';
import { remoteKeys } from '../issuer/remote-keys.ts';
import { checkOptions, optionsOf } from '../protocol/options/check-options.ts';
import { aString, expectsKind } from '../protocol/options/kinds.ts';
import { type Check, membersOf, type Settings } from '../protocol/options/object.ts';
import { isRecord } from '../protocol/record.ts';
import { isResourceIndicator } from '../protocol/url.ts';
import { type IssuerOptions, issuerSettings } from '../token/issuers/options.ts';
import { createVerifier, type Verifier, type VerifierOptions } from '../token/verify.ts';
import type { ChallengeOptions } from './challenge-options.ts';
import { createContext, type PrincipalContext } from './context.ts';
import type { IncomingRequest } from './incoming-request.ts';
import { createOperationCheck, type RequestedOperation } from './operation.ts';

/** The options of an issuer of a guarded API. */
export type ApiIssuerOptions = Omit<IssuerOptions, 'audience' | 'keys' | 'primary'> & {
  /** Default: the URL of the API. */
  readonly audience?: IssuerOptions['audience'];
  /** Default: `remoteKeys({ issuer })`. */
  readonly keys?: IssuerOptions['keys'];
  /** Default: `true` if it is the only issuer. Required if there are several. */
  readonly primary?: boolean;
};

/** The options of an API endpoint. */
export interface ApiOptions extends Omit<VerifierOptions, 'issuers' | 'clock'> {
  /**
   * The public URL of the API endpoint. It is the default of the audience of tokens and of `realm`. A client makes its
   * DPoP proofs for this URL (RFC 9449 §4.2).
   */
  readonly url: string;
  /** The accepted issuers. */
  readonly issuers: readonly ApiIssuerOptions[];
  /** The protection space of challenges (RFC 9110 §11.5). Default: `url`. */
  readonly realm?: string;
  /** The URL of the protected resource metadata. Default: the well-known URL of `url` (RFC 9728 §3.1). */
  readonly resourceMetadata?: string;
  /** A sentence that is added to the message of `INVALID_TOKEN`. Default: no sentence. */
  readonly remedy?: string;
}

/** The options of `createGuardedApi`: those of the API endpoint, and those of `createGuardedSchema`. */
export type GuardedApiOptions = GuardedSchemaOptions & ApiOptions;

/** A guarded schema, and what a GraphQL server needs to serve it. */
export interface GuardedApi extends GuardedSchema {
  /** Makes the context of a request. It is the result of `createContext`. */
  readonly context: (request: IncomingRequest) => Promise<PrincipalContext>;
  /** Decides whether an operation runs. It is the result of `createOperationCheck`. */
  readonly check: (operation: RequestedOperation) => void;
  /** The values that are equal in all challenges of the server. */
  readonly challenge: ChallengeOptions;
  readonly verifier: Verifier;
}

/** A later function checks the value. */
const checkedLater: Check = () => [];

/** The options of `createGuardedApi`. */
export const apiSettings: Settings<ApiOptions & AllSchemaOptions> = {
  ...schemaSettings,
  url: {
    check: expectsKind('an absolute URL of http or https, without a fragment or a password', isUrl),
    required: true,
  },
  issuers: { check: expectsKind('an array of issuers', Array.isArray), required: true },
  realm: { check: aString },
  resourceMetadata: { check: aString },
  remedy: { check: aString },
  cache: { check: checkedLater },
  revocations: { check: checkedLater },
  proofs: { check: checkedLater },
  onVerification: { check: checkedLater },
};

const checkApiOptions = partsOfModules(optionsOf(apiSettings, renamedSchemaOptions));

/**
 * Makes a guarded schema, a verifier of access tokens, and the functions that a GraphQL server needs for them. It calls
 * `createGuardedSchema`, `createVerifier`, `createContext` and `createOperationCheck`. Use these functions instead if
 * an API has several endpoints, or if they need different options.
 *
 * @throws StartError with all faults of the options; if they have none, with the faults of the issuers and the schema
 */
export function createGuardedApi(options: GuardedApiOptions): GuardedApi {
  checkOptions('createGuardedApi', options, checkApiOptions);
  const {
    url,
    issuers,
    realm = url,
    resourceMetadata = metadataUrlOf(url),
    remedy,
    ...others
  } = membersOf(apiSettings, options);
  const { cache, revocations, proofs, onVerification, ...schemaOptions } = others;
  const { clock } = schemaOptions;
  const faults: string[] = [];
  const keysFaults: string[] = [];
  const trusted = issuers.map((issuer) => withDefaults(issuer, url, issuers.length === 1, keysFaults));
  faults.push(...keysFaults);
  const verifier =
    keysFaults.length === 0 &&
    made(faults, () =>
      createVerifier({ issuers: trusted, ...given({ clock, cache, revocations, proofs, onVerification }) }),
    );
  const guarded = made(faults, () => createGuardedSchema(schemaOptions));
  if (!verifier || !guarded) throw new StartError(faults);
  const challenge = { realm, resourceMetadata, ...given({ proofs }) };
  return {
    ...guarded,
    verifier,
    challenge,
    context: createContext({ verifier, url, ...challenge, ...given({ remedy }) }),
    check: createOperationCheck(guarded, challenge),
  };
}

/** Returns the result of a function. @returns undefined if it throws a StartError, whose faults are added to `faults` */
function made<T>(faults: string[], make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    faults.push(...error.faults);
    return undefined;
  }
}

function withDefaults(options: ApiIssuerOptions, url: string, isOnly: boolean, faults: string[]): IssuerOptions {
  // A value that is not an object is reported by `createVerifier`.
  if (!isRecord(options)) return options;
  const { issuer } = options;
  const keys = options.keys ?? made(faults, () => remoteKeys({ issuer }));
  const primary = options.primary ?? (isOnly ? true : undefined);
  // `createVerifier` reports the missing members.
  const all = { ...options, ...membersOf(issuerSettings, options), keys, primary };
  return { audience: [url], ...given(all) } as IssuerOptions;
}

/** Removes the members whose value is undefined, so that their defaults apply. */
function given<T extends object>(members: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  // The cast is safe: only members with the value undefined are removed.
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}

function isUrl(value: unknown): boolean {
  if (!isResourceIndicator(value)) return false;
  const { protocol, username, password } = new URL(value);
  // Challenges name the URL as the realm, and every caller reads them.
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
}

/** Returns the URL of the protected resource metadata of a resource (RFC 9728 §3.1). */
function metadataUrlOf(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return `${origin}/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}${search}`;
}
