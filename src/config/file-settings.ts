import { isRecord } from '../protocol/record.ts';
import {
  type Check,
  listOf,
  type Members,
  mapOf,
  objectOf,
  type SettingsWithDefaults,
  unknownKeys,
} from '../protocol/options/object.ts';
import { expects, isBoolean, isString, oneOf } from '../protocol/options/values.ts';
import type { ConfigFile } from './file.ts';
import { checkAppearance } from './objects/appearance.ts';
import { checkConnections } from './objects/connections.ts';
import { dpopSettings } from './objects/dpop.ts';
import { checkIssuers } from './objects/issuers.ts';
import { checkKeys } from './objects/keys.ts';
import { lifetimeSettings } from './objects/lifetimes.ts';
import { type LimitTables, limitSettings, limitWording } from './objects/limits.ts';
import { checkReplay } from './objects/replay.ts';
import { checkResources } from './objects/resources.ts';
import { checkScopes } from './objects/scopes.ts';
import { streamLimitKinds } from './objects/streams.ts';
import { checkTrustedDocuments } from './objects/trusted-documents.ts';

/** The check of one module. Does not check the SDL of the module; this is checked when the schema is made. */
const checkModule: Check = function* (module, place) {
  if (!isRecord(module) || !isString(module['name']) || !/^[A-Za-z][\w-]*$/.test(module['name'])) {
    yield `${place}.name: expected a name of letters, digits, _ and -`;
  } else if (module['typeDefs'] === undefined) {
    yield `${place}.typeDefs (${module['name']}): expected SDL, as a string or a document`;
  }
};

const prefixPattern = /^[A-Z][A-Za-z0-9_]{0,39}$/;

const checkIdentityApi: Check = function* (value, place) {
  if (typeof value === 'boolean') return;
  if (!isRecord(value) || !('prefix' in value)) {
    yield `${place}: expected false, or { prefix: "Claimgate" }`;
    return;
  }
  yield* unknownKeys(value, place, ['prefix']);
  if (!isString(value['prefix']) || !prefixPattern.test(value['prefix'])) {
    yield `${place}.prefix: expected up to 40 letters, digits and _, of which the first is a capital letter, such as Claimgate`;
  }
};

/**
 * Accepts any value. The value is checked later, when the schema is made. The server changes nothing before this check.
 */
const checkedBySchema: Check = () => [];

/** The keys of the configuration file, in the order in which messages list them. */
export function fileSettings({ limits, attempts }: LimitTables): SettingsWithDefaults<ConfigFile> {
  return {
    modules: { default: [], check: listOf('an array of modules', checkModule) },
    directives: { default: {}, check: checkedBySchema },
    identityApi: { default: true, check: checkIdentityApi },
    scopes: { default: {}, check: checkScopes },
    policies: {
      default: {},
      check: mapOf(
        'an object of functions by name',
        expects('a function', (value) => typeof value === 'function'),
      ),
    },
    denial: { default: 'partial', check: oneOf('partial', 'reject') },
    introspection: { default: 'open', check: oneOf('open', 'authenticated', 'off') },
    registration: { default: 'off', check: oneOf('off', 'open') },
    trustedDocuments: { default: { manifests: [] }, check: checkTrustedDocuments },
    replay: { default: false, check: checkReplay },
    explorer: { default: true, check: expects('true or false', isBoolean) },
    // The default depends on the public URL (config.ts).
    landingPage: { default: 'explorer', check: oneOf('sandbox', 'explorer') },
    appearance: { default: {}, check: checkAppearance },
    limits: { default: {}, check: objectOf(limitSettings(limits), limitWording) },
    streams: { default: {}, check: objectOf(limitSettings(streamLimitKinds), limitWording) },
    lifetimes: { default: {}, check: objectOf(lifetimeSettings, { noun: 'lifetime' }) },
    keys: { default: {}, check: checkKeys },
    attempts: { default: {}, check: objectOf(limitSettings(attempts), limitWording) },
    resources: { default: [], check: checkResources },
    issuers: { default: [], check: checkIssuers },
    connections: { default: [], check: checkConnections },
    dpop: {
      default: {},
      check: objectOf(dpopSettings, { renamed: { window: 'windowSeconds, in seconds as before' } }),
    },
  };
}

/** Yields the faults of the default export of a configuration file. */
export function fileFaults(file: Members, tables: LimitTables): Iterable<string> {
  return objectOf(fileSettings(tables))(file, '', {});
}
