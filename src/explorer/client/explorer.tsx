import { DocExplorerStore } from '@graphiql/plugin-doc-explorer';
import { HISTORY_PLUGIN, HistoryStore } from '@graphiql/plugin-history';
import { GraphiQLProvider } from '@graphiql/react';
import { GraphiQL, GraphiQLInterface } from 'graphiql';
import { useMemo } from 'react';
import { CallersBar } from './callers/callers-bar.tsx';
import { NeedsHint } from './needs/needs-hint.tsx';
import { NeedsPanel } from './needs/needs-panel.tsx';
import { needsPlugins, pluginAtStart } from './needs/plugins.ts';
import { referencePlugin } from './needs/reference-plugin.ts';
import { firstOperation } from './run/first-operation.ts';
import { ResultArea } from './run/result-area.tsx';
import { hardenMarkdown } from './run/page/markdown.ts';
import { openLink } from './run/keep/opened-link.ts';
import { SkipLinks } from './run/parts/skip-links.tsx';
import { Toolbar } from './run/toolbar.tsx';
import { createServices, ServicesContext } from './services.ts';
import type { Settings } from './settings.ts';
import { trustedPlugin } from './trusted/plugin.tsx';

hardenMarkdown();
/** The operation of the address, before anything else changes the address. */
const link = openLink(location, history);

/** The plugins of the left pane, in the order of their buttons. The documentation is first. GraphiQL needs one list. */
const plugins = [referencePlugin, HISTORY_PLUGIN, ...needsPlugins];
const pluginsWithTrusted = [...plugins, trustedPlugin];

/**
 * The explorer: the callers on top, GraphiQL below, and our panels in it.
 *
 * - `callers/` draws the bar on top.
 * - `needs/` adds plugins, replaces the documentation pane, and marks the editor.
 * - `trusted/` adds the pane with the trusted documents.
 * - `run/` runs operations, adds buttons to the toolbar, and draws the area of the answers.
 */
export function Explorer({ settings }: { readonly settings: Settings }) {
  const services = useMemo(() => createServices(settings), [settings]);
  const { fetcher, storage, setSchema } = services;
  const first = firstOperation(settings);
  return (
    <ServicesContext value={services}>
      <SkipLinks />
      <CallersBar />
      {link.fault !== null && (
        <p className="run-failure" role="alert">
          {link.fault}
        </p>
      )}
      <main>
        <GraphiQLProvider
          fetcher={fetcher}
          storage={storage}
          plugins={settings.trusted ? pluginsWithTrusted : plugins}
          referencePlugin={referencePlugin}
          {...(pluginAtStart && { visiblePlugin: settings.trusted?.only ? trustedPlugin : pluginAtStart })}
          defaultQuery={first}
          {...(link.operation && {
            initialQuery: link.operation.document,
            initialVariables: link.operation.variables ?? '',
          })}
          onSchemaChange={setSchema}
          shouldPersistHeaders={false}
        >
          <HistoryStore>
            <DocExplorerStore>
              <GraphiQLInterface showPersistHeadersSettings={false} isHeadersEditorEnabled={false}>
                <GraphiQL.Logo>{null}</GraphiQL.Logo>
                <GraphiQL.Toolbar>{(tools) => <Toolbar tools={tools} />}</GraphiQL.Toolbar>
                <GraphiQL.Footer>
                  <NeedsHint />
                  <ResultArea />
                </GraphiQL.Footer>
                <NeedsPanel />
              </GraphiQLInterface>
            </DocExplorerStore>
          </HistoryStore>
        </GraphiQLProvider>
      </main>
    </ServicesContext>
  );
}
