import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Introspection } from '../api/operation/introspection.ts';
import { limitFaults, type Limits } from '../api/limits/limits.ts';
import type { Module } from '../api/module.ts';
import type { IdentityApi } from '../api/names/own-names.ts';
import type { DirectiveNames } from '../auth/names/names.ts';
import type { Policy } from '../auth/policies/policy.ts';
import { attemptLimitFaults, type AttemptLimits } from '../identity/attempts/limits.ts';
import type { ScopeEntry } from '../identity/grants/scopes.ts';
import type { Lifetimes } from '../provider/options.ts';
import { type ConnectionEntry, connectionEntryFaults } from './objects/connections.ts';
import { type DpopEntry, dpopFaults } from './objects/dpop.ts';
import { type KeysEntry, keysFaults } from './objects/keys.ts';
import { exportFault, loadFault } from './load-fault.ts';
import { type IssuerEntry, issuerEntryFaults } from './objects/issuers.ts';
import { type ResourceEntry, resourceFaults } from './objects/resources.ts';
import { scopeFaults } from './objects/scopes.ts';
import { type StreamLimits, streamLimitFaults } from './objects/streams.ts';
import { nearestHint } from '../protocol/nearest.ts';
import { isRecord } from '../protocol/record.ts';

/** What `claimgate.config.{ts,js,mjs}` exports by default. */
export interface ConfigFile {
  /** Your part of the GraphQL API: annotated SDL and its resolvers. */
  readonly modules?: readonly Module[];
  /** Your scopes by name, beside the shipped ones. Where there are any, `@auth` may name no other. */
  readonly scopes?: Readonly<Record<string, ScopeEntry>>;
  /** APIs beside our own that the embedded authorization server issues access tokens for. Default: none. */
  readonly resources?: readonly ResourceEntry[];
  /**
   * What Claimgate's directives are called in your modules where the usual names are taken: `{ auth: 'claims' }` for `@claims`. An
   * `@auth` that a module defines is then the module's own. Default: `auth`, `public`, `sensitive`.
   */
  readonly directives?: DirectiveNames;
  /**
   * `false`: `viewer`, `scopes`, accounts, applications and all else of the identity API are left out, and the token mutations stay.
   * `{ prefix: 'Claimgate' }`: its types and root fields are called `ClaimgateAccount`, `claimgateAccounts`. Default `true`.
   */
  readonly identityApi?: IdentityApi;
  /** The functions that `@auth(policy:)` names. */
  readonly policies?: Readonly<Record<string, Policy>>;
  /** What becomes of a query that is denied in part: the rest of it is answered, or nothing of it runs. Default `partial`. */
  readonly denial?: 'partial' | 'reject';
  /**
   * Who may read the schema by `__schema` and `__type`: everybody, whoever has an access token, nobody. Default `open`. Where it
   * is not open, errors suggest no names of the schema.
   */
  readonly introspection?: Introspection;
  /**
   * Whether applications register themselves (RFC 7591): not without `CLAIMGATE_REGISTRATION_TOKEN`, or everybody's. Default
   * `off`.
   */
  readonly registration?: 'off' | 'open';
  /** What one document may ask for. Defaults: `limitKinds` in `api/limits/limits.ts`. */
  readonly limits?: Partial<Limits>;
  /** How many WebSockets and event streams may be open. Defaults: `streamLimitKinds` in `config/objects/streams.ts`. */
  readonly streams?: Partial<StreamLimits>;
  readonly lifetimes?: Partial<Lifetimes>;
  /** The keys that the embedded authorization server signs with: of which algorithm, and how long each. */
  readonly keys?: KeysEntry;
  /** How often may be guessed wrong, and how many register themselves. Defaults: `attemptLimitKinds` in `identity/attempts/limits.ts`, */
  readonly attempts?: Partial<AttemptLimits>;
  /**
   * Issuers elsewhere whose access tokens are accepted too. Their subjects are no accounts of yours: only those of the
   * embedded authorization server, or of `CLAIMGATE_ISSUER`, are. An entry for `CLAIMGATE_ISSUER` itself holds its settings.
   */
  readonly issuers?: readonly IssuerEntry[];
  /** Issuers elsewhere whose confidential client this server is: `beginAuthorization` and the `connection` form of the exchange. */
  readonly connections?: readonly ConnectionEntry[];
  /** What is asked of the proofs that come with tokens bound to a key, here and at the embedded authorization server. */
  readonly dpop?: DpopEntry;
}

/** Gives a configuration its type; returns it as it is. */
export function defineConfig(config: ConfigFile): ConfigFile {
  return config;
}

/** In seconds. */
const longestGrace = 300;

const lifetimeNames: readonly string[] = ['code', 'access', 'refresh', 'grace'];

/** The configuration file's checks, by key. Each returns what was expected where that is not what it got. */
const fileKeys: Readonly<Record<keyof ConfigFile, (value: unknown) => Iterable<string>>> = {
  *modules(value) {
    if (!Array.isArray(value)) {
      yield 'modules: expected an array of modules';
      return;
    }
    for (const [index, module] of value.entries()) {
      if (!isRecord(module) || typeof module.name !== 'string' || !/^[A-Za-z][\w-]*$/.test(module.name)) {
        yield `modules[${index}].name: expected a name of letters, digits, _ and -`;
      } else if (module.typeDefs === undefined) {
        yield `modules[${index}].typeDefs (${module.name}): expected SDL, as a string or a document`;
      }
    }
  },
  *directives() {
    // The schema checks them when it is made, which is before anything else is done.
  },
  *identityApi(given) {
    if (typeof given === 'boolean') return;
    if (typeof given !== 'object' || given === null || !('prefix' in given)) {
      yield 'identityApi: expected false, or { prefix: "Claimgate" }';
      return;
    }
    for (const key of Object.keys(given)) {
      if (key !== 'prefix') yield `identityApi.${key}: there is no such key; expected prefix`;
    }
    if (typeof given.prefix !== 'string' || !/^[A-Z][A-Za-z0-9_]{0,39}$/.test(given.prefix)) {
      yield 'identityApi.prefix: expected up to 40 letters, digits and _, of which the first is a capital letter, such as Claimgate';
    }
  },
  scopes: scopeFaults,
  *policies(value) {
    if (!isRecord(value)) {
      yield 'policies: expected an object of functions by name';
      return;
    }
    for (const [name, policy] of Object.entries(value)) {
      if (typeof policy !== 'function') yield `policies["${name}"]: expected a function`;
    }
  },
  *denial(value) {
    if (value !== 'partial' && value !== 'reject') yield `denial=${String(value)}: expected partial or reject`;
  },
  *introspection(value) {
    if (value !== 'open' && value !== 'authenticated' && value !== 'off') {
      yield `introspection=${String(value)}: expected open, authenticated or off`;
    }
  },
  *registration(value) {
    if (value !== 'off' && value !== 'open') yield `registration=${String(value)}: expected off or open`;
  },
  limits: limitFaults,
  streams: streamLimitFaults,
  *lifetimes(value) {
    if (!isRecord(value)) {
      yield 'lifetimes: expected an object';
      return;
    }
    for (const [name, seconds] of Object.entries(value)) {
      if (!lifetimeNames.includes(name)) {
        const hint = nearestHint(name, lifetimeNames);
        yield `lifetimes.${name}: there is no such lifetime; expected code, access, refresh or grace${hint}`;
      } else if (typeof seconds !== 'number' || !Number.isSafeInteger(seconds) || seconds < 1) {
        yield `lifetimes.${name}=${String(seconds)}: expected a whole number of seconds, 1 or more`;
      } else if (name === 'grace' && seconds > longestGrace) {
        yield `lifetimes.grace=${seconds}: expected ${longestGrace} seconds or less, since it is how long a theft goes unnoticed`;
      }
    }
  },
  keys: keysFaults,
  attempts: attemptLimitFaults,
  resources: resourceFaults,
  issuers: issuerEntryFaults,
  connections: connectionEntryFaults,
  dpop: dpopFaults,
};

/**
 * Reads the configuration file.
 *
 * @param given its path; absent: `claimgate.config.{ts,js,mjs}` in the directory, if there is one
 * @returns what it says, and what is wrong with it: then it says nothing
 */
export async function readConfigFile(
  given: string | undefined,
  directory: string,
): Promise<{ file: ConfigFile; faults: readonly string[] }> {
  const names = given ? [given] : ['ts', 'js', 'mjs'].map((ending) => `claimgate.config.${ending}`);
  const [path, another] = names.map((name) => resolve(directory, name)).filter((name) => existsSync(name));
  if (!path) return { file: {}, faults: [] };
  if (another) return { file: {}, faults: [`${path} and ${another}: expected one configuration file`] };
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = await import(pathToFileURL(path).href);
  } catch (error) {
    return { file: {}, faults: [await loadFault(path, error)] };
  }
  const wrong = exportFault(path, exported);
  if (wrong) return { file: {}, faults: [wrong] };
  const file = isRecord(exported['default']) ? exported['default'] : {};
  const faults = [...fileFaults(file)].map((fault) => `${path}: ${fault}`);
  return { file: faults.length > 0 ? {} : file, faults };
}

function* fileFaults(file: Readonly<Record<string, unknown>>): Iterable<string> {
  for (const [key, value] of Object.entries(file)) {
    const known = Object.keys(fileKeys);
    if (!isKey(key)) yield `${key}: there is no such key; expected ${known.join(', ')}${nearestHint(key, known)}`;
    else if (value !== undefined) yield* fileKeys[key](value);
  }
}

function isKey(key: string): key is keyof ConfigFile {
  return Object.hasOwn(fileKeys, key);
}
