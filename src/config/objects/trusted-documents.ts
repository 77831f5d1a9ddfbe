import { resolve } from 'node:path';
import { type Check, objectOf, type Settings } from '../../protocol/options/object.ts';
import { expects, isBoolean, isString, isStrings, isWhole } from '../../protocol/options/values.ts';

/** The documents of your clients, which a request can name by an ID. */
export interface TrustedDocumentsEntry {
  /**
   * The paths of the manifests, from the folder of the configuration file. A manifest is JSON, as the client preset of
   * graphql-codegen, Relay or Apollo writes it. The server reads a changed manifest without a restart.
   */
  readonly manifests: readonly string[];
  /**
   * Whether other documents are refused. Introspection, the token mutations, and the documents of the server's own pages
   * are then still executed. Default false.
   */
  readonly only?: boolean;
  /**
   * The client IDs of applications that may still send every document if `only` is true. They apply to access tokens of
   * the embedded authorization server, or of `CLAIMGATE_ISSUER`. All other callers are bound to the manifests. Default:
   * no application.
   */
  readonly freeClients?: readonly string[];
  /**
   * How long a cache may use the answer to a GET of a query by its ID, in seconds, if no element of the query has a rule
   * and the request has no token. Default 0: a cache must ask each time.
   */
  readonly maxAgeSeconds?: number;
}

/** The complete settings of trusted documents. */
export interface TrustedDocumentsSettings {
  /** The manifests: the path as it is configured, and the absolute path. */
  readonly manifests: readonly { readonly name: string; readonly path: string }[];
  readonly only: boolean;
  readonly freeClients: readonly string[];
  readonly maxAgeSeconds: number;
}

const maxManifests = 32;
/** One year (RFC 9111 §5.2.2.1 sets no bound). */
const maxSeconds = 31_536_000;

const settings: Settings<TrustedDocumentsEntry> = {
  manifests: {
    check: expects(
      `an array of 1 to ${maxManifests} paths of manifests`,
      (value) => isStrings(value) && value.length > 0 && value.length <= maxManifests && value.every(isPath),
    ),
    required: true,
  },
  only: { check: expects('true or false', isBoolean) },
  freeClients: {
    check: expects(
      'an array of client IDs, beside only: true',
      (value, { only }) => isStrings(value) && value.every((id) => id !== '') && (only === true || value.length === 0),
    ),
  },
  maxAgeSeconds: {
    check: expects(`a whole number of seconds from 0 to ${maxSeconds}`, (value) => isWhole(value, 0, maxSeconds)),
  },
};

const checkEntry = objectOf(settings, { form: 'the path of a manifest, or { manifests: [path] }' });

/** The check of `trustedDocuments`. */
export const checkTrustedDocuments: Check = (value, place, around) =>
  typeof value === 'string' && isPath(value) ? [] : checkEntry(value, place, around);

function isPath(value: unknown): boolean {
  return isString(value) && value.trim() !== '' && !value.includes('\0');
}

/**
 * Returns the complete settings.
 *
 * @param folder - the folder from which paths begin
 * @returns null if no documents are configured
 */
export function trustedDocumentsSettings(
  entry: string | TrustedDocumentsEntry | undefined,
  folder: string,
): TrustedDocumentsSettings | null {
  if (entry === undefined) return null;
  const {
    manifests,
    only = false,
    freeClients = [],
    maxAgeSeconds = 0,
  } = isString(entry) ? { manifests: [entry] } : entry;
  return {
    manifests: manifests.map((name) => ({ name, path: resolve(folder, name) })),
    only,
    freeClients,
    maxAgeSeconds,
  };
}
