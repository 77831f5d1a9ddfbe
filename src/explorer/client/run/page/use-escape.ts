import { pick, useGraphiQL } from '@graphiql/react';
import { useEffect } from 'react';

/** What Escape closes first. While one of them is open, Escape belongs to the editor. */
const widgets =
  '.suggest-widget.visible, .find-widget.visible, .parameter-hints-widget.visible, .rename-box, .context-view';

/**
 * Leads out of the editors by keyboard. In an editor, Tab indents. Escape moves the focus to the frame of the editor,
 * from which Tab goes on, and Enter goes back into the editor.
 */
export function useEscapeFromEditors(): void {
  const { queryEditor, variableEditor } = useGraphiQL(pick('queryEditor', 'variableEditor'));
  useEffect(() => {
    const listeners = [queryEditor, variableEditor].flatMap((editor) => {
      const node = editor?.getDomNode();
      if (!editor || !node) return [];
      return [
        editor.onKeyDown((event) => {
          if (event.code !== 'Escape' || node.querySelector(widgets)) return;
          node.closest<HTMLElement>('section[tabindex], .graphiql-editor')?.focus();
        }),
      ];
    });
    return () => {
      for (const listener of listeners) listener.dispose();
    };
  }, [queryEditor, variableEditor]);
}
