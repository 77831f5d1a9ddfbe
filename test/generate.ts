/**
 * Writes what is made from the code: `schema/auth.graphql`, and the tables and examples in the README.
 * With `--check`: fails where a file is not what would be written.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { authDirectives } from '../src/auth/directive.ts';
import { root } from './support/process.ts';
import { renderReadme } from './support/readme.ts';

const generated: Readonly<Record<string, (present: string) => string>> = {
  'schema/auth.graphql': () =>
    `# Printed from src/auth/directive.ts by test/generate.ts: change it there.\n\n${authDirectives}`,
  'README.md': renderReadme,
};

for (const [path, render] of Object.entries(generated)) {
  const present = readFileSync(`${root}${path}`, 'utf8');
  const rendered = render(present);
  if (rendered === present) continue;
  if (process.argv.includes('--check')) {
    process.stderr.write(`${path} is stale: run \`npm run generate\`\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(`${root}${path}`, rendered);
    process.stdout.write(`wrote ${path}\n`);
  }
}
