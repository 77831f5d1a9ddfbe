import type { GraphiQLPlugin } from '@graphiql/react';

/** The plugins of this folder, in the order of their buttons. */
export const needsPlugins: readonly GraphiQLPlugin[] = [];
