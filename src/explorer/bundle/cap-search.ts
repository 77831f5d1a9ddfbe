import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** The largest number of fields of one type that the search of the documentation lists. */
const maxFieldsOfType = 50;

const loop = 'for (const fieldName in fields) {\n';
const list = 'matches[withinType === type ? "within" : "fields"].push(';

/**
 * Caps the search of GraphiQL's documentation. The search stops at 100 results, but it looks at this number only
 * between two types. A root type of 10,000 fields gives 10,000 results, and the browser needs several seconds to draw
 * them. With the cap, the fields of one type also leave room for the types. Fails if the search has another text.
 */
export const capSearch: Plugin = {
  name: 'cap-search',
  setup(build) {
    build.onLoad({ filter: /[/\\]plugin-doc-explorer[/\\]dist[/\\]components[/\\]search\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (text.split(loop).length !== 2 || text.split(list).length !== 2) {
        return {
          errors: [{ text: 'The search of @graphiql/plugin-doc-explorer has changed: see bundle/cap-search.ts' }],
        };
      }
      const contents = text
        .replace(loop, `let found = 0;\n${loop}if (found >= ${maxFieldsOfType}) break;\n`)
        .replace(list, `found += matchingArgs ? matchingArgs.length : 1;\n${list}`);
      return { contents };
    });
  },
};
