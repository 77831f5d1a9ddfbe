import { useEffect } from 'react';

/**
 * Describes the tabs of GraphiQL to screen readers as a list of buttons. GraphiQL marks each list item as a tab and puts
 * two buttons into it. ARIA does not allow buttons inside of a tab.
 */
export function useTabSemantics(tabs: readonly { readonly id: string }[], activeIndex: number): void {
  useEffect(() => {
    const list = document.querySelector('.graphiql-tabs');
    list?.removeAttribute('role');
    for (const [index, item] of [...(list?.querySelectorAll('.graphiql-tab') ?? [])].entries()) {
      item.removeAttribute('role');
      item.removeAttribute('aria-selected');
      const [open, close] = item.querySelectorAll('button');
      if (index === activeIndex) open?.setAttribute('aria-current', 'true');
      else open?.removeAttribute('aria-current');
      close?.setAttribute('aria-label', `Close the tab ${open?.textContent ?? ''}`);
    }
    document.getElementById('graphiql-session')?.setAttribute('role', 'group');
  }, [tabs, activeIndex]);
}
