import { ToolFault } from '../report/fault.ts';
import type { TextFile } from '../source/files.ts';
import type { FoundDocument } from './operation.ts';
import { parseOperations } from './parse.ts';
import { graphqlTemplates, type Template, UnendedTemplate } from './templates.ts';

/** The endings of source files that can embed operations. */
export const codeEndings: readonly string[] = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];

/**
 * Finds the documents in a source file. A `${…}` between definitions stands for a fragment of another file, which is found
 * by its name.
 *
 * @throws {ToolFault} with the line in the source file
 */
export function embeddedDocuments({ name: file, text: code }: TextFile): readonly FoundDocument[] {
  if (!/gql|graphql/i.test(code)) return [];
  return templatesOf(file, code).flatMap(({ text, holes, line }) => {
    const inside = holes.find((at) => depthAt(text, at) > 0);
    const place = { file, line };
    if (inside !== undefined) {
      const at = { file, line: line + text.slice(0, inside).split('\n').length - 1 };
      throw new ToolFault(at, 'a ${…} stands inside of a selection; expected it between definitions');
    }
    const document = parseOperations(text, place);
    return document ? [{ document, id: null, place }] : [];
  });
}

function templatesOf(file: string, code: string): readonly Template[] {
  try {
    return graphqlTemplates(code);
  } catch (error) {
    if (error instanceof UnendedTemplate) {
      throw new ToolFault(
        { file, line: error.line },
        'expected the end of the template literal; found the end of the file',
      );
    }
    if (error instanceof RangeError) throw new ToolFault({ file, line: null }, 'is nested too deep to be read');
    throw error;
  }
}

/** Counts the open braces before a position. Braces in strings and comments do not count. */
function depthAt(text: string, position: number): number {
  const clean = text.slice(0, position).replaceAll(/"""[^]*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*/g, '');
  return clean.split('{').length - clean.split('}').length;
}
