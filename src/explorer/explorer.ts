import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Assets, keptAssets } from './assets/assets.ts';
import { sendAsset } from './assets/send.ts';
import { type ListedDocuments, mountDocuments } from './documents-route.ts';
import { builtAssets } from './built.ts';
import type { SandboxSettings, Settings } from './client/settings.ts';
import { appPage } from './pages/app-page.ts';
import { callbackPage } from './pages/callback-page.ts';
import { faultPage } from './pages/fault-page.ts';
import { activityPolicy, explorerPolicy, plainPolicy, sandboxPolicy } from './pages/policy.ts';
import { activityWithoutScripts, sandboxWithoutScripts, withoutScripts } from './pages/without-scripts.ts';
import { activityPath, assetsPath, callbackPath, explorerPath } from './paths.ts';

/** The options of the explorer. */
export interface ExplorerOptions {
  readonly settings: Settings;
  /** The document in the editor of Apollo Sandbox at the first visit. */
  readonly firstDocument: string;
  /** The trusted documents. Default: the page lists none. */
  readonly documents?: ListedDocuments | undefined;
  /** Called if the files for the browser can be neither read nor bundled. Must not throw. */
  readonly onFault: (error: unknown) => void;
  /** Reads or bundles the files for the browser. Default: `builtAssets`. */
  readonly load?: typeof builtAssets;
  /** Milliseconds since the epoch. Default: the present time. */
  readonly now?: () => number;
}

/** The routes of the explorer. */
export interface ExplorerRoutes {
  /** The paths of the pages. Empty if the explorer is off. */
  readonly paths: readonly string[];
  /** Adds the routes to the server. */
  readonly mount: (app: FastifyInstance) => void;
  /** Answers a browser at the API endpoint with the page of Apollo Sandbox. */
  readonly sandbox: (reply: FastifyReply) => Promise<FastifyReply>;
}

/**
 * Makes the routes of the explorer. If `settings.explorer` is false, they are only the files of the page of Apollo
 * Sandbox. The files for the browser are read or bundled when the first page needs them.
 */
export function explorerRoutes(options: ExplorerOptions): ExplorerRoutes {
  const { settings, firstDocument, documents, onFault, load = builtAssets, now = Date.now } = options;
  const assets = keptAssets({ load, onFault, now });

  /** Answers with a page of the bundle, or with a page that says what to do if there is no bundle. */
  async function sendPage(
    reply: FastifyReply,
    policy: (nonce: string) => string,
    page: (entries: Assets['entries'], nonce: string) => string,
  ): Promise<FastifyReply> {
    const nonce = randomBytes(16).toString('base64url');
    const found = await assets();
    reply
      .type('text/html; charset=utf-8')
      .header('cross-origin-opener-policy', 'same-origin')
      .header('cross-origin-resource-policy', 'same-origin');
    return found
      ? reply.header('content-security-policy', policy(nonce)).send(page(found.entries, nonce))
      : reply
          .code(503)
          .header('retry-after', '10')
          .header('content-security-policy', plainPolicy(nonce))
          .send(faultPage({ ...settings, nonce }));
  }

  return {
    paths: settings.explorer ? [explorerPath, callbackPath, activityPath] : [],
    sandbox: (reply) =>
      sendPage(reply, sandboxPolicy, (entries, nonce) =>
        appPage({
          title: `Apollo Sandbox · ${settings.productName}`,
          entry: entryOf(entries, 'sandbox'),
          entries: {},
          assets: assetsPath,
          settings: { ...settings, firstDocument } satisfies SandboxSettings,
          nonce,
          withoutScripts: sandboxWithoutScripts(settings),
        }),
      ),
    mount(app) {
      app.get<{ Params: { name: string } }>(`${assetsPath}:name`, async (request, reply) =>
        sendAsset(request, reply, (await assets())?.files.get(request.params.name)),
      );
      if (!settings.explorer) return;
      if (documents) mountDocuments(app, documents);
      app.get(explorerPath, (_request, reply) =>
        sendPage(reply, explorerPolicy, (entries, nonce) =>
          appPage({
            title: `Explorer · ${settings.productName}`,
            entry: entryOf(entries, 'app'),
            entries,
            assets: assetsPath,
            settings,
            nonce,
            withoutScripts: withoutScripts(settings),
          }),
        ),
      );
      app.get(activityPath, (_request, reply) =>
        sendPage(reply, activityPolicy, (entries, nonce) =>
          appPage({
            title: `Activity · ${settings.productName}`,
            entry: entryOf(entries, 'activity'),
            // The page has no editor, so it needs no workers.
            entries: {},
            assets: assetsPath,
            settings,
            nonce,
            withoutScripts: activityWithoutScripts(settings),
          }),
        ),
      );
      app.get(callbackPath, (_request, reply) =>
        sendPage(reply, plainPolicy, (entries, nonce) =>
          callbackPage({
            script: `${assetsPath}${entryOf(entries, 'callback').script}`,
            nonce,
            productName: settings.productName,
          }),
        ),
      );
    },
  };
}

function entryOf(entries: Assets['entries'], name: string): Assets['entries'][string] {
  const entry = entries[name];
  if (!entry) throw new Error(`The files for the browser have no entry "${name}": build them again`);
  return entry;
}
