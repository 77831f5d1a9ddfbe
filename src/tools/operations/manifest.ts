import { manifestEntries, ManifestFault, type ManifestEntry } from '../../protocol/documents/manifest.ts';
import { ToolFault } from '../report/fault.ts';
import type { TextFile } from '../source/files.ts';
import type { FoundDocument } from './operation.ts';
import { parseOperations } from './parse.ts';

/** Finds the documents of a manifest. @throws {ToolFault} with the file and the line of the entry */
export function manifestDocuments(file: TextFile): readonly FoundDocument[] {
  return entriesOf(file).map(({ id, body, line }) => {
    const place = { file: file.name, line };
    const document = parseOperations(body, place, true);
    if (!document) throw new ToolFault(place, 'expected an operation; found a document without one');
    return { document, id, place };
  });
}

function entriesOf({ name: file, text }: TextFile): readonly ManifestEntry[] {
  try {
    return manifestEntries(text);
  } catch (error) {
    if (error instanceof ManifestFault) throw new ToolFault({ file, line: error.line }, error.message);
    throw error;
  }
}
