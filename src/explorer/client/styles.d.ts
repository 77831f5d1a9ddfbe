/** The type of style sheets that a module imports. esbuild puts them into the style sheet of the entry. */
declare module '*.css';
