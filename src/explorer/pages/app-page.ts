import type { Entry } from '../assets/built-assets.ts';
import type { SandboxSettings, Settings } from '../client/settings.ts';
import { escapeHtml, jsonForScript } from './html.ts';

/** What the page needs. */
export interface AppPage {
  readonly title: string;
  readonly entry: Entry;
  /** The entries of the bundle by name. The page tells the editor the addresses of its workers. */
  readonly entries: Readonly<Record<string, Entry>>;
  /** The path of the folder of the files, with a slash at its end. */
  readonly assets: string;
  readonly settings: Settings | SandboxSettings;
  readonly nonce: string;
  /** The content of `<noscript>`, as HTML. */
  readonly withoutScripts: string;
}

const workerEnding = '.worker';

/** Renders a page whose content a script of the bundle draws. */
export function appPage({ title, entry, entries, assets, settings, nonce, withoutScripts }: AppPage): string {
  const workers = Object.entries(entries)
    .filter(([name]) => name.endsWith(workerEnding))
    .map(([name, { script }]) => [name.slice(0, -workerEnding.length), assets + script] as const);
  const preloads = entry.imports.map((name) => `<link rel="modulepreload" href="${assets}${name}">\n`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
${entry.style === null ? '' : `<link rel="stylesheet" href="${assets}${entry.style}">\n`}${preloads.join('')}<script type="application/json" id="settings">${jsonForScript(settings)}</script>
<script type="application/json" id="workers">${jsonForScript(Object.fromEntries(workers))}</script>
<script type="module" nonce="${nonce}" src="${assets}${entry.script}"></script>
</head>
<body>
<noscript><main class="without-scripts">${withoutScripts}</main></noscript>
<div id="app"></div>
</body>
</html>
`;
}
