import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * The parts of the editor that the explorer does not use, as the lists of the package name them. Together they are a
 * tenth of the first load.
 */
const unused: readonly string[] = [
  // Features for other languages. No provider of the explorer gives colours, code lenses, symbols, hints or references.
  'contrib/codelens',
  'contrib/colorPicker',
  'contrib/documentSymbols',
  'contrib/gotoSymbol',
  'contrib/inlayHints',
  'contrib/inPlaceReplace',
  'contrib/linkedEditing',
  'contrib/parameterHints',
  'contrib/rename',
  'contrib/sectionHeaders',
  'contrib/semanticTokens',
  'standalone/browser/referenceSearch',
  'standalone/browser/quickAccess/standaloneGotoSymbolQuickAccess',
  // Suggestions of an assistant.
  'contrib/inlineCompletions',
  'contrib/inlineEdit',
  'contrib/inlineEdits',
  'contrib/inlineProgress',
  'contrib/suggest/browser/suggestInlineCompletions',
  // Comparison of two files.
  'browser/widget/diffEditor',
  'contrib/diffEditorBreadcrumbs',
  // Files that are dropped or pasted.
  'contrib/dropOrPasteInto',
  // Parts for other uses of the editor.
  'contrib/stickyScroll',
  'standalone/browser/inspectTokens',
  'standalone/browser/toggleHighContrast',
];

/** Leaves out of the editor what the explorer does not use. Fails if the editor no longer has a part of the list. */
export const shortenEditor: Plugin = {
  name: 'shorten-editor',
  setup(build) {
    const found = new Set<string>();
    build.onLoad(
      { filter: /[/\\]monaco-editor[/\\]esm[/\\]vs[/\\]editor[/\\](?:editor\.all|edcore\.main)\.js$/ },
      async ({ path }) => {
        const lines = (await readFile(path, 'utf8')).split('\n');
        const kept = lines.filter((line) => {
          const part = unused.find(
            (one) => line.startsWith(`import './${one}/`) || line.startsWith(`import './${one}.js`),
          );
          if (part !== undefined) found.add(part);
          return part === undefined;
        });
        return { contents: kept.join('\n') };
      },
    );
    // The API of the editor has a class for each of these widgets. No page of ours makes one.
    build.onLoad({ filter: /[/\\](?:multiDiff|diff)EditorWidget\.js$/ }, ({ path }) => {
      const name = /(?:multiDiff|diff)EditorWidget/.exec(path)?.[0] ?? '';
      return { contents: `export class ${name.charAt(0).toUpperCase()}${name.slice(1)} {}` };
    });
    build.onEnd(() => {
      const missing = unused.filter((part) => !found.has(part));
      const text = `monaco-editor has no ${missing.join(', ')}: remove it from bundle/shorten-editor.ts`;
      return { errors: missing.length > 0 ? [{ text }] : [] };
    });
  },
};
