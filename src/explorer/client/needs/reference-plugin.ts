import { DOC_EXPLORER_PLUGIN } from '@graphiql/plugin-doc-explorer';
import type { GraphiQLPlugin } from '@graphiql/react';

/** The documentation pane. A click on a name in the editor opens it. */
export const referencePlugin: GraphiQLPlugin = DOC_EXPLORER_PLUGIN;
