/**
 * The entries of the bundle, by name: a file of `explorer/client/`, or a module of a package. Each becomes
 * `/explorer/assets/<name>-<hash>.js`. The names of workers end with `.worker`; the part before it is the label under
 * which the editor asks for the worker.
 */
export const entries: Readonly<Record<string, string>> = {
  app: './main.tsx',
  callback: './callback.ts',
  activity: './activity/main.ts',
  sandbox: './sandbox/main.ts',
  'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
  'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
  'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
};
