import type { Plugin } from 'esbuild';

/** Leaves out of the editor what the explorer does not use. */
export const shortenEditor: Plugin = {
  name: 'shorten-editor',
  setup() {},
};
