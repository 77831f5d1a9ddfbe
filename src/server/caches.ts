import { knownCaches } from '../api/operation/known/caches.ts';
import { apolloCaches } from '../apollo/caches.ts';
import { authCaches, type CacheBound } from '../auth/caches.ts';
import { laneCaches } from '../http/lane/caches.ts';
import { observeCaches } from '../observe/caches.ts';
import { replayCaches } from './replay/caches.ts';
import { issuerCaches } from '../issuer/unknown-key-ids.ts';
import { tokenCaches } from '../token/cache/bounds.ts';

type CacheName =
  | keyof typeof apolloCaches
  | keyof typeof authCaches
  | keyof typeof issuerCaches
  | keyof typeof knownCaches
  | keyof typeof laneCaches
  | keyof typeof observeCaches
  | keyof typeof replayCaches
  | keyof typeof tokenCaches;

/**
 * Every long-lived structure that callers can make grow, with its bound. A test fills each structure beyond its bound.
 * `store/growth.ts` lists the structures of identity, provider and store.
 */
export const caches: Readonly<Record<CacheName, CacheBound>> = {
  ...apolloCaches,
  ...authCaches,
  ...issuerCaches,
  ...knownCaches,
  ...laneCaches,
  ...observeCaches,
  ...replayCaches,
  ...tokenCaches,
};

/** The other long-lived structures. Each value states why callers cannot make the structure grow. */
export const fixedStructures: Readonly<Record<string, string>> = {
  'api/limits/size.ts fieldsOf': 'one entry for each field of the schema',
  'api/limits/rule.ts measuredBefore': 'a weak map: one record of numbers for each document, collected with it',
  'api/operation/trusted/documents.ts byId':
    'at most 20,000 documents and 32 MiB of manifests, which the operator deploys; no request adds one',
  'api/request/per-request.ts values': 'a weak map: collected with the request',
  'api/operation/stream/session.ts open':
    'one entry for each open connection; `http/graphql/places.ts` limits their number',
  'auth elements, inputs, shapes': 'one entry for each element of the schema',
  'auth/plan/parent-types.ts known, resolved, auth/plan/parent-fields.ts ofValues':
    'two entries for each type of the schema, and in each of them one for each field of the type',
  'auth/execute/prepare/field-shape.ts shapes': 'one entry for each field of each object type of the schema',
  'auth/execute/prepare/input-plan.ts known': 'one entry for each enum and input object type of the schema',
  'auth/decide/decide.ts latest': 'one principal and its decisions',
  'auth/inputs/inspect.ts findings, auth/decide/owner.ts known': 'weak maps: collected with the request',
  'exchange clients': 'made for one call and then discarded',
  'http/graphql/places.ts addresses, callers': 'one entry for each open connection; their number is limited',
  'http/graphql/graphql.ts taken, http/trace.ts spans': 'weak maps: collected with the request',
  'observe/metrics.ts other series, observe/counts/':
    'labels of fixed sets; routes are patterns and not paths; operation names are not labels',
  'observe/output.ts waiting':
    '1 MiB of lines that standard output does not take; further lines are discarded and counted',
  'observe/access.ts membersOf': 'texts of 1,000 combinations of route, method and status',
  'token/verify.ts underWay': 'one entry for each token that is being verified',
  'issuer/key-set.ts found, imported': 'one entry for each algorithm and key of a configured issuer',
  'issuer/kept.ts known, key copies': 'one key set for each configured issuer, of at most 200 keys and 512 KiB',
  'server/replay/recorder.ts shapes, known, server/replay/callers.ts kindOfPrincipal':
    'weak maps: collected with the document or the principal',
  'token/cache/size.ts shapes': '256 shapes of at most 2,048 characters',
  'token/dpop/nonce.ts': 'nothing: nonces are computed from the time',
  'Apollo persisted queries': 'off',
  'Apollo response cache': 'unused: no plugin that caches responses is loaded',
  'Apollo usage reporting, schema reporting, inline traces, cache control': 'off',
  'graphql-js memoize3 of subfields': 'weak maps: collected with the document',
  'graphql-js validation of the schema, possible types': 'one entry for each type of the schema',
  dataloader: 'made for one request, collected with it',
  'fastify, find-my-way':
    'one entry for each route that the program registers; 100 content types in each of three lists, each of at most 16 KiB, the limit of headers',
  pg: 'unnamed statements only: nothing is prepared',
  Kysely: 'keeps no compiled statements',
};
