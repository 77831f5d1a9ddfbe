import { DOC_EXPLORER_PLUGIN } from '@graphiql/plugin-doc-explorer';
import { DocsFilledIcon, DocsIcon as PlainIcon, useGraphiQL } from '@graphiql/react';

/** The icon of the documentation. It is filled while the pane is open. */
export function DocsIcon() {
  const title = useGraphiQL((state) => state.visiblePlugin?.title);
  return title === DOC_EXPLORER_PLUGIN.title ? <DocsFilledIcon /> : <PlainIcon />;
}
