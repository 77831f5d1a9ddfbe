import { rulesFieldOf } from '../../api/names/explain-fields.ts';
import {
  createTrustedDocuments,
  type DocumentTexts,
  operationSteps,
  ownDocuments,
  type TrustedDocuments,
} from '../../api/operation/operation.ts';
import type { GuardedSchema } from '../../auth/guarded-schema.ts';
import type { Config } from '../../config.ts';
import type { Logger } from '../../observe/log.ts';
import { pageDocuments } from '../../explorer/page-documents.ts';
import { documentFaults } from './check.ts';
import { readManifests, type TrustedDocument } from './read.ts';
import { deniedDocuments, publicQueries } from './judged.ts';
import { filesState, watchFiles } from './watch.ts';

/** The trusted documents of a server. */
export interface LoadedDocuments extends TrustedDocuments {
  /**
   * Reads the manifests again when they change. If the new manifests have a fault, the present documents stay, and the
   * log has one error.
   *
   * @returns a function that ends this
   */
  watch(log: Logger, intervalMs?: number): () => void;
}

/**
 * Reads the manifests of the configuration and checks every document. Changes nothing.
 *
 * @param onWarning - called with a warning for each document that no token lets through. Default: no-op
 */
export async function loadTrustedDocuments(
  config: Config,
  guarded: GuardedSchema,
  onWarning: (warning: string) => void = () => {},
): Promise<{ readonly trusted?: LoadedDocuments; readonly faults: readonly string[] }> {
  const { trustedDocuments: settings } = config;
  if (settings === null) return { faults: [] };
  const steps = {
    single: operationSteps('single', config, guarded),
    stream: operationSteps('stream', config, guarded),
  };

  async function checked(): Promise<{ documents: ReadonlyMap<string, TrustedDocument>; faults: readonly string[] }> {
    const { documents, faults } = await readManifests({ manifests: settings?.manifests ?? [] });
    return { documents, faults: faults.length > 0 ? faults : await documentFaults(documents.values(), steps) };
  }

  const paths = settings.manifests.map(({ path }) => path);
  const initial = await filesState(paths);
  const { documents, faults } = await checked();
  if (faults.length > 0) return { faults };
  for await (const warning of deniedDocuments(documents.values(), guarded)) onWarning(warning);
  const freeClients = new Set(settings.freeClients);
  const issuer = config.issuer ?? config.publicUrl;
  const trusted = createTrustedDocuments({
    only: settings.only,
    maxAgeSeconds: settings.maxAgeSeconds,
    documents: await textsOf(documents, guarded),
    isFree: (principal) =>
      principal.kind !== 'anonymous' &&
      principal.issuer === issuer &&
      principal.clientId !== null &&
      freeClients.has(principal.clientId),
    isOwn: ownDocuments({
      schema: steps.single.schema,
      parseOptions: steps.single.parseOptions,
      texts: config.explorer ? pageDocuments(prefixOf(config)) : [],
      rulesField: rulesFieldOf(config),
      hasTokenMutations: config.issuer === undefined || config.connections.length > 0,
    }),
  });

  return {
    faults: [],
    trusted: {
      ...trusted,
      watch(log, intervalMs) {
        return watchFiles(
          paths,
          initial,
          async () => {
            const { documents, faults } = await checked();
            if (faults.length > 0) {
              log.error(
                { faults: faults.slice(0, 10) },
                'the changed manifests have faults: the present trusted documents stay',
              );
              return;
            }
            trusted.replace(await textsOf(documents, guarded));
            for await (const warning of deniedDocuments(documents.values(), guarded))
              log.warn({ schema: warning }, 'schema');
            log.info({ documents: documents.size }, 'the trusted documents were read again');
          },
          (error) => log.error({ err: error }, 'the trusted documents could not be read again'),
          intervalMs,
        );
      },
    },
  };
}

function prefixOf({ identityApi }: Config): string {
  return typeof identityApi === 'object' ? identityApi.prefix : '';
}

async function textsOf(
  documents: ReadonlyMap<string, TrustedDocument>,
  guarded: GuardedSchema,
): Promise<DocumentTexts> {
  const byId = new Map([...documents].map(([id, { text }]) => [id, text]));
  return { byId, publicQueries: await publicQueries(byId.values(), guarded) };
}
