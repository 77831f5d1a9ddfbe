import { parseJSONC, pick, ToolbarButton, useGraphiQL } from '@graphiql/react';
import { type ReactNode, useState } from 'react';
import { useServices } from '../services.ts';
import { keptDocument } from './keep/kept-document.ts';
import { keptVariables } from './keep/kept-variables.ts';
import { writeLink } from './keep/link.ts';
import { KeysDialog } from './parts/keys-dialog.tsx';
import { ShareDialog } from './parts/share-dialog.tsx';

/** The buttons beside the editor. @param props.tools - the buttons of GraphiQL */
export function Toolbar({
  tools,
}: {
  readonly tools: { readonly prettify: ReactNode; readonly merge: ReactNode; readonly copy: ReactNode };
}) {
  const { secrecy } = useServices();
  const { queryEditor, variableEditor, operationName } = useGraphiQL(
    pick('queryEditor', 'variableEditor', 'operationName'),
  );
  const [shared, setShared] = useState<{ readonly link: string | null; readonly notes: readonly string[] } | null>(
    null,
  );
  const [showsKeys, setShowsKeys] = useState(false);

  function share(): void {
    const { document, omitted } = keptDocument(queryEditor?.getValue() ?? '', secrecy());
    const text = variableEditor?.getValue().trim() ?? '';
    const { variables, notes } = shareable(document, text);
    const emptied = `Emptied in the operation, because they may be secret: ${omitted.join(', ')}.`;
    try {
      const link = writeLink(location.href, { document, variables, operationName: operationName ?? null });
      setShared({ link, notes: omitted.length > 0 ? [...notes, emptied] : notes });
    } catch (error) {
      setShared({ link: null, notes: [error instanceof Error ? error.message : 'The link was not made.'] });
    }
  }

  function shareable(document: string, text: string): { variables: string | null; notes: readonly string[] } {
    if (text === '') return { variables: null, notes: [] };
    try {
      const { variables, omitted } = keptVariables(document, parseJSONC(text), secrecy());
      const kept = Object.keys(variables).length > 0 ? JSON.stringify(variables, null, 2) : null;
      if (omitted.length === 0) return { variables: kept, notes: [] };
      return { variables: kept, notes: [`Left out, because they may be secret: ${omitted.join(', ')}.`] };
    } catch {
      return { variables: null, notes: ['The variables are left out, because they are not JSON.'] };
    }
  }

  return (
    <>
      {tools.prettify}
      {tools.merge}
      {tools.copy}
      <ToolbarButton label="Share this operation by link" onClick={share}>
        <LinkIcon />
      </ToolbarButton>
      <ToolbarButton label="Keys" onClick={() => setShowsKeys(true)}>
        <KeysIcon />
      </ToolbarButton>
      {shared && <ShareDialog {...shared} onClose={() => setShared(null)} />}
      {showsKeys && <KeysDialog onClose={() => setShowsKeys(false)} />}
    </>
  );
}

function LinkIcon() {
  return (
    <svg
      className="graphiql-toolbar-icon"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      aria-hidden="true"
    >
      <path d="M8 12a3.5 3.5 0 0 0 5 0l3-3a3.5 3.5 0 0 0-5-5l-1 1M12 8a3.5 3.5 0 0 0-5 0l-3 3a3.5 3.5 0 0 0 5 5l1-1" />
    </svg>
  );
}

function KeysIcon() {
  return (
    <svg
      className="graphiql-toolbar-icon"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      aria-hidden="true"
    >
      <rect x="2" y="5" width="16" height="10" rx="1.5" />
      <path d="M5 8h0M8 8h0M11 8h0M14 8h1M6 12h8" strokeLinecap="round" />
    </svg>
  );
}
