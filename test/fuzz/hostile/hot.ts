import { bodyOf } from './documents.ts';
import { submit } from './http.ts';
import { objectsToCompile } from './module.ts';
import type { Target } from './targets.ts';

/** More fields than a compiled selection has code for. */
const wide = Array.from({ length: 16 }, (_, at) => `w${at}: ${['name', 'hidden', 'id', '__typename'][at % 4]}`);

/** Known documents whose selections on a book run in compiled code, after `compileSelections`. */
export const hotDocuments = [
  'query ($count: Int) { shelf(count: $count) { id name hidden } }',
  'query ($count: Int, $mode: Mode) { shelf(count: $count) { hidden id secret any(mode: $mode) { ... on Safe { marker } } name mine } }',
  `query ($count: Int) { shelf(count: $count) { ${wide.join(' ')} secret } }`,
];

/**
 * Executes the hot documents for as many objects as the lane needs to compile their selections.
 *
 * @returns how many selections are compiled, or null if the target has no lane
 */
export async function compileSelections(target: Target): Promise<number | null> {
  if ((await target.laneAnswers()) === null) return null;
  const headers = { 'content-type': 'application/json' };
  const variables = [{}, { count: objectsToCompile, mode: 'NULLS' }];
  for (const query of hotDocuments) {
    // The first request makes the document known.
    for (const each of variables) {
      const body = bodyOf({ query, variables: JSON.stringify(each), operationName: undefined });
      const status = await submit(target.http, { headers, body });
      if (status !== 200) throw new Error(`${query}: ${status}`);
    }
    // The lane compiles at most one selection in this time.
    await new Promise((resolve) => setTimeout(resolve, 110));
  }
  return target.compiledSelections();
}
