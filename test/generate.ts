/**
 * Writes what is made from the code: `schema/auth.graphql`, and the generated parts of every Markdown file.
 * With `--check`: fails where a file is not what would be written.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { authDirectives } from '../src/auth/directive.ts';
import { markdownFiles } from './docs/markdown.ts';
import { render } from './docs/render.ts';
import { root } from './support/process.ts';

const generated = [
  {
    path: 'schema/auth.graphql',
    render: () => `# Printed from src/auth/directive.ts by test/generate.ts: change it there.\n\n${authDirectives}`,
  },
  ...markdownFiles().map((path) => ({ path, render: (present: string) => render(path, present) })),
];

for (const { path, render: rendered } of generated) {
  const present = readFileSync(`${root}${path}`, 'utf8');
  const text = rendered(present);
  if (text === present) continue;
  if (process.argv.includes('--check')) {
    process.stderr.write(`${path} is stale: run \`npm run generate\`\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(`${root}${path}`, text);
    process.stdout.write(`wrote ${path}\n`);
  }
}
