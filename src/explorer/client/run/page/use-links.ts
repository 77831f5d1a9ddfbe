import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect } from 'react';
import { openLink } from '../keep/opened-link.ts';

/**
 * Opens a link that the person enters while the page is open. The operation gets a tab of its own, so that the callers
 * and the other tabs stay. Nothing runs.
 *
 * @param onFault - is called with the reason if the link cannot be read
 */
export function useLinks(onFault: (reason: string) => void): void {
  const actions = useGraphiQLActions();
  const { queryEditor, variableEditor } = useGraphiQL(pick('queryEditor', 'variableEditor'));
  useEffect(() => {
    function open(): void {
      const { operation, fault } = openLink(location, history);
      if (fault !== null) onFault(fault);
      if (!operation) return;
      actions.addTab();
      queryEditor?.setValue(operation.document);
      variableEditor?.setValue(operation.variables ?? '');
    }
    window.addEventListener('hashchange', open);
    return () => window.removeEventListener('hashchange', open);
  }, [actions, queryEditor, variableEditor, onFault]);
}
