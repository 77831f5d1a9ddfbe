/**
 * Texts that would run a script or send a request if a page showed them as markup. If one of them runs, it sets
 * `globalThis.ran`. If one of them loads something, it asks `elsewhere.example`, or the path `/own-picture` of the page.
 */
export const hostileTexts: readonly string[] = [
  '<img src=x onerror="globalThis.ran=1">',
  '<script>globalThis.ran=2</script>',
  '"><svg onload="globalThis.ran=3">',
  '<a href="javascript:globalThis.ran=4">link</a>',
  '[link](javascript:globalThis.ran=5)',
  '[link](data:text/html,<script>globalThis.ran=6</script>)',
  '![picture](https://elsewhere.example/picture.png)',
  '![picture](/own-picture.png)',
  '<iframe src="https://elsewhere.example/frame"></iframe>',
  '<form action="https://elsewhere.example/"><button>Go</button></form>',
  '<style>@import "https://elsewhere.example/style.css";</style>',
  'https://elsewhere.example/link',
  '[command](command:editor.action.selectAll)',
  '</script></textarea></title>{{constructor.constructor("globalThis.ran=7")()}}',
  '\u202Etxet desrever\u202C',
];

export const hostileText: string = hostileTexts.join(' ');

/** Returns the source text of a configuration file whose schema, data and errors consist of such texts. */
export function hostileTextConfig(settings = ''): string {
  return `
import { GraphQLError } from '${import.meta.resolve('graphql')}';
const text = ${JSON.stringify(hostileText)};
const quoted = JSON.stringify(text);
export default {
  ${settings}
  scopes: { 'odd:read': { description: text } },
  modules: [{
    name: 'hostile',
    typeDefs: \`
      "Kinds of things. \${text.replaceAll('"', "'").replaceAll('\\\\', '')}"
      enum Kind {
        \${quoted}
        FIRST
        \${quoted}
        SECOND @deprecated(reason: \${quoted})
      }
      \${quoted}
      input Filter {
        \${quoted}
        text: String = \${quoted}
      }
      \${quoted}
      type Thing {
        \${quoted}
        text: String!
        \${quoted}
        kind: Kind @deprecated(reason: \${quoted})
        \${quoted}
        guarded: String @auth(scope: "odd:read")
      }
      extend type Query {
        \${quoted}
        thing(
          \${quoted}
          filter: Filter = { text: \${quoted} }
        ): Thing @public
        \${quoted}
        fails: String @public
      }
    \`,
    resolvers: { Query: {
      thing: () => ({ text, kind: 'FIRST', guarded: text }),
      fails: () => { throw new GraphQLError(text, { extensions: { code: 'ODD', text } }); },
    } },
  }],
};`;
}
