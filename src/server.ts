import { rulesFieldOf } from './api/names/explain-fields.ts';
import type { Config } from './config.ts';
import { StartError } from './errors.ts';
import { type App, createApp } from './http/app.ts';
import type { FirstPassword } from './server/embedded/embedded.ts';
import { logWarnings } from './observe/warnings.ts';
import { portFault } from './server/faults.ts';
import { createRecording } from './server/replay/recording.ts';
import { checkedApi } from './server/start/api.ts';
import { appOptions, issuersOf } from './server/start/app-options.ts';
import { startAuthorities } from './server/start/authorities.ts';
import { startBackground } from './server/start/background.ts';
import { layFoundation } from './server/start/foundation.ts';

export { fromGlobalId, toGlobalId } from './api/relay/global-id.ts';
export { defineModule, type Module, type TypedModule } from './api/module.ts';
export { withoutInfo } from './auth/resolvers/without-info.ts';
export type { ApiContext } from './api/request/context.ts';
export { perRequest } from './api/request/per-request.ts';
export { type ConfigFile, defineConfig } from './config/file.ts';
export { endpoints } from './provider/paths.ts';
export type { FirstPassword } from './server/embedded/embedded.ts';
export { type Explanation, type Finding, inspectToken } from './server/inspection.ts';

/** Options of `startServer`. */
export interface StartOptions {
  /**
   * Faults of the configuration that the caller has already found. They are reported together with the faults that
   * `startServer` finds. Default: none.
   */
  readonly faults?: readonly string[];
  /**
   * Shows the administrator's password that the first start has generated. If this throws, the database is left
   * unchanged.
   */
  readonly announce: (first: FirstPassword) => void;
}

/** A server that is listening. */
export interface RunningServer {
  /** The public scheme, host and port. */
  readonly url: string;
  /** Whether the authorization server is embedded. */
  readonly embedded: boolean;
  /** Accepts no new connections, completes the requests under way, and releases the port and the database. */
  close(): Promise<void>;
}

/**
 * Starts the server.
 *
 * @throws StartError with every fault that is found before the first change. Nothing is then created or changed. A
 * fault that is found later, such as a port taken meanwhile, is thrown alone, after the database was migrated
 */
export async function startServer(config: Config, options: StartOptions): Promise<RunningServer> {
  const foundation = await layFoundation(config);
  const stopLogging = logWarnings(foundation.log);
  const api = await checkedApi(config, foundation, () => app.server, options.faults ?? []);
  const trusted = await startAuthorities(config, foundation, api, options.announce);
  const recording = createRecording(config, api.guarded, { ...foundation, rulesField: rulesFieldOf(config) });
  const app: App = await createApp(appOptions(config, foundation, api, trusted, recording));
  const background = await startBackground(config, foundation, trusted);
  recording?.start();
  const stopWatching = api.trusted?.watch(foundation.log);
  const { log, audit, store, tracing } = foundation;
  const close = async () => {
    stopWatching?.();
    await background.stopListening();
    audit.feed.close();
    await app.drain();
    background.stopSweeping();
    await recording?.close();
    await audit.close();
    for (const authority of trusted.authorities) await authority.close();
    await store.destroy();
    await tracing?.close();
    stopLogging();
  };
  try {
    await app.listen({ port: config.port, host: config.host });
  } catch (error) {
    await close();
    throw new StartError([portFault(config, error)]);
  }
  log.info({ url: config.publicUrl, issuers: issuersOf(trusted) }, 'ready');
  return {
    url: config.publicUrl,
    embedded: api.embedded,
    async close() {
      await close();
      log.info('stopped');
    },
  };
}
