import type { ReactNode } from 'react';

/** The buttons beside the editor. @param props.tools - the buttons of GraphiQL */
export function Toolbar({
  tools,
}: {
  readonly tools: { readonly prettify: ReactNode; readonly merge: ReactNode; readonly copy: ReactNode };
}) {
  return (
    <>
      {tools.prettify}
      {tools.merge}
      {tools.copy}
    </>
  );
}
