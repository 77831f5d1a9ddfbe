import type { GraphiQLPlugin } from '@graphiql/react';
import { NeedsIcon } from './pane/needs-icon.tsx';
import { NeedsPane } from './pane/needs-pane.tsx';

/** The pane "What it needs". */
export const needsPlugin: GraphiQLPlugin = { title: 'What it needs', icon: NeedsIcon, content: NeedsPane };

/** The plugins of this folder, in the order of their buttons. */
export const needsPlugins: readonly GraphiQLPlugin[] = [needsPlugin];

/** The pane that is open at the first visit. `undefined`: none, because the window has no room beside the editor. */
export const pluginAtStart: GraphiQLPlugin | undefined = matchMedia('(min-width: 60rem)').matches
  ? needsPlugin
  : undefined;
