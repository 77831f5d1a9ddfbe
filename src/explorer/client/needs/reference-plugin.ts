import { DOC_EXPLORER_PLUGIN } from '@graphiql/plugin-doc-explorer';
import type { GraphiQLPlugin } from '@graphiql/react';
import { DocsIcon } from './docs/docs-icon.tsx';
import { DocsPane } from './docs/docs-pane.tsx';

/** The documentation pane, with the rules of each element. A click on a name in the editor opens it. */
export const referencePlugin: GraphiQLPlugin = { title: DOC_EXPLORER_PLUGIN.title, icon: DocsIcon, content: DocsPane };
