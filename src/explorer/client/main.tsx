import './style-nonce.ts';
import './editor-workers.ts';
// GraphiQL loads these two modules on demand, and esbuild loads no style sheet of a module that is loaded on demand.
import 'monaco-graphql/esm/monaco-editor.js';
import 'monaco-graphql/esm/lite.js';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './explorer.css';
import './run/run.css';
import { createRoot } from 'react-dom/client';
import { Explorer } from './explorer.tsx';
import { readSettings } from './settings.ts';

/** The entry of `/explorer`: shows the explorer in the element `app`. */
const app = document.getElementById('app');
if (app) createRoot(app).render(<Explorer settings={readSettings(document)} />);
