import { escapeHtml } from './html.ts';

const style = `
:root { color-scheme: light dark }
body { margin: 0 auto; max-width: 42rem; padding: 2rem 1rem; font: 1rem/1.5 system-ui, sans-serif; color: light-dark(#16202e, #e8edf4); background: light-dark(#eef2f7, #0e141c) }
pre { padding: .75rem; overflow-x: auto; border: 1px solid light-dark(#dce3ec, #2b3747); border-radius: .5rem; background: light-dark(#fff, #18212d) }
h1 { font-size: 1.375rem }
a { color: light-dark(#1d4ed8, #8ab4ff) }
`;

/** Renders a page with text only. @param content - HTML */
export function plainPage(page: {
  readonly title: string;
  readonly content: string;
  readonly nonce: string;
  /** Elements of the head, as HTML. Default: none. */
  readonly head?: string;
}): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)}</title>
<style nonce="${page.nonce}">${style}</style>
${page.head ?? ''}</head>
<body>
${page.content}
</body>
</html>
`;
}
