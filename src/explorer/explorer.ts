import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Assets, keptAssets } from './assets/assets.ts';
import { sendAsset } from './assets/send.ts';
import { builtAssets } from './built.ts';
import type { Settings } from './client/settings.ts';
import { appPage } from './pages/app-page.ts';
import { callbackPage } from './pages/callback-page.ts';
import { faultPage } from './pages/fault-page.ts';
import { activityWithoutScripts, withoutScripts } from './pages/without-scripts.ts';
import { activityPolicy, explorerPolicy, plainPolicy } from './pages/policy.ts';
import { activityPath, assetsPath, callbackPath, explorerPath } from './paths.ts';

/** The options of the explorer. */
export interface ExplorerOptions {
  readonly settings: Settings;
  /** Called if the files for the browser can be neither read nor bundled. Must not throw. */
  readonly onFault: (error: unknown) => void;
  /** Reads or bundles the files for the browser. Default: `builtAssets`. */
  readonly load?: typeof builtAssets;
}

/** The routes of the explorer. */
export interface ExplorerRoutes {
  readonly paths: readonly string[];
  readonly mount: (app: FastifyInstance) => void;
}

/** Makes the routes of the explorer. The files for the browser are read or bundled when the first page needs them. */
export function explorerRoutes({ settings, onFault, load = builtAssets }: ExplorerOptions): ExplorerRoutes {
  const assets = keptAssets(load);

  /** Answers with a page of an entry of the bundle, or with a page that says why there is none. */
  async function sendPage(
    reply: FastifyReply,
    policy: (nonce: string) => string,
    page: (assets: Assets, nonce: string) => string,
  ): Promise<FastifyReply> {
    const nonce = randomBytes(16).toString('base64url');
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policy(nonce))
      .header('cross-origin-opener-policy', 'same-origin')
      .header('cross-origin-resource-policy', 'same-origin');
    try {
      return reply.send(page(await assets(), nonce));
    } catch (error) {
      onFault(error);
      return reply
        .code(503)
        .header('content-security-policy', plainPolicy(nonce))
        .send(faultPage({ publicUrl: settings.publicUrl, endpoint: settings.endpoint, nonce }));
    }
  }

  return {
    paths: [explorerPath, callbackPath, activityPath],
    mount(app) {
      app.get(explorerPath, (_request, reply) =>
        sendPage(reply, explorerPolicy, ({ entries }, nonce) =>
          appPage({
            title: 'Explorer · Claimgate',
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
        sendPage(reply, activityPolicy, ({ entries }, nonce) =>
          appPage({
            title: 'Activity · Claimgate',
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
        sendPage(reply, plainPolicy, ({ entries }, nonce) =>
          callbackPage({ script: `${assetsPath}${entryOf(entries, 'callback').script}`, nonce }),
        ),
      );
      app.get<{ Params: { name: string } }>(`${assetsPath}:name`, async (request, reply) => {
        const { files } = await assets();
        return sendAsset(request, reply, request.params.name, files);
      });
    },
  };
}

function entryOf(entries: Assets['entries'], name: string): Assets['entries'][string] {
  const entry = entries[name];
  if (!entry) throw new Error(`The files for the browser have no entry "${name}": build them again`);
  return entry;
}
