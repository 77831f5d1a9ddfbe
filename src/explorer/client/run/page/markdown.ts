import { markdown } from '@graphiql/react';

/**
 * Hardens the Markdown of the documentation pane. Descriptions come from the schema. A picture would send a request as
 * soon as its description is shown, so it becomes a link. Links lead only to `http`, `https` and `mailto` addresses, and
 * open in a window that cannot reach this page. GraphiQL itself shows HTML as text.
 */
export function hardenMarkdown(): void {
  markdown.disable('image');
  markdown.validateLink = (url) => /^(?:https?:\/\/|mailto:)/i.test(url);
  markdown.renderer.rules['link_open'] = (tokens, index, options, _environment, renderer) => {
    tokens[index]?.attrSet('target', '_blank');
    tokens[index]?.attrSet('rel', 'noopener noreferrer');
    return renderer.renderToken(tokens, index, options);
  };
}
