import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { laterCases } from '../conformance/auth/case.ts';
import cases from '../conformance/cases.json' with { type: 'json' };
import { root } from '../support/process.ts';

/** The largest number of files that one row names. */
const mostFiles = 3;

/**
 * Returns the rows of the table of cases: ID, behaviour, specification, level, and the files whose tests have the ID.
 * @throws Error if a test has an ID that the list lacks
 */
export function caseRows(): readonly (readonly string[])[] {
  const files = filesByCase();
  const titles = new Map(Object.entries(cases));
  for (const [id, [path = '']] of files)
    if (!titles.has(id)) throw new Error(`${path} bears ${id}, which test/conformance/cases.json lacks`);
  return [...titles].map(([id, [title = '', specification = '', level = '']]) => {
    const paths = files.get(id) ?? [];
    const later = laterCases.find((laterCase) => laterCase.id === id)?.later;
    if (later !== undefined) return [id, title, specification, level, `deferred: ${later}`];
    if (paths.length === 0) return [id, title, specification, level, 'no test yet'];
    const shown = paths.slice(0, mostFiles).map((path) => `[${path}](../${path})`);
    return [id, title, specification, level, `${shown.join(', ')}${paths.length > mostFiles ? ' and more' : ''}`];
  });
}

/** Returns the test files for each ID. A file counts if a test title or a row of a table starts with the ID. */
function filesByCase(): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  for (const path of readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (!path.endsWith('.ts')) continue;
    const names = readFileSync(join(root, 'test', path), 'utf8').matchAll(
      /(?<=['"`])(?:[A-G]-\d+(?:, | ))*[A-G]-\d+(?!\d)/g,
    );
    const ids = new Set([...names].flatMap(([name]) => name.split(/, | /)));
    for (const id of ids) files.set(id, [...(files.get(id) ?? []), path]);
  }
  return files;
}
